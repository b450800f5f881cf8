package org.vitrina.contracts;

/**
 * One promise of a service, and how it is judged.
 *
 * @param id of a few small words, for {@code --only} and for reports
 * @param todo what a service has to do, as an instruction
 * @param sentence what docs/contracts.md says, literally
 */
public record Rule(String id, String todo, String sentence, Check check) {
    /** Tries a service; every check has data of its own. */
    @FunctionalInterface
    interface Check {
        void judge(TestedService service) throws BrokenRule, NotJudged;
    }
}

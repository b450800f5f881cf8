package org.vitrina.launcher;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has the model learn at once from what metrics of the running instance has collected. */
@Command(name = "retrain")
final class RetrainCommand implements Callable<Integer> {
    private static final int FEWEST_PAIRS = 50;

    @Mixin
    private final Instance instance;

    @Option(names = "--least-pairs")
    private @Nullable Integer leastPairs;

    @Option(names = "--share")
    private @Nullable Integer share;

    private final Path project;

    RetrainCommand(Path project) {
        this.project = project;
        this.instance = new Instance(project);
    }

    @Override
    public Integer call() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (leastPairs != null) {
            if (leastPairs < FEWEST_PAIRS) {
                throw instance.misused(
                        "'--least-pairs' needs a number from " + FEWEST_PAIRS + " on, not " + leastPairs + ".");
            }
            settings.put("VITRINA_MODEL_RETRAINING_LEAST_PAIRS", leastPairs.toString());
        }
        if (share != null) {
            if (share < 0 || share > 100) {
                throw instance.misused("'--share' needs a number from 0 to 100, not " + share + ".");
            }
            settings.put("VITRINA_MODEL_RETRAINING_SHARE", share.toString());
        }
        Address metrics = running(Retrainer.METRICS)
                .orElseThrow(() -> new StartException("metrics does not run from " + instance.directory()
                        + ", so that there is nothing to learn from: './vitrina up' starts it."));
        int status = new Retrainer(project, instance.directory())
                .run(metrics, running(Retrainer.PREDICTIONS).orElse(null), settings, System.out::println);
        if (status != 0) {
            throw new StartException("The retraining failed."
                    + Logs.lastWords(InstanceFolder.log(instance.directory(), Retrainer.PART)));
        }
        instance.running(Retrainer.MODEL)
                .ifPresent(model -> System.out.println("What serves: curl -s http://127.0.0.1:" + model.port()
                        + "/ops/model   (back: curl -s -X POST http://127.0.0.1:" + model.port()
                        + "/ops/model/rollback)"));
        return 0;
    }

    private Optional<Address> running(String service) {
        return instance.running(service).map(entry -> new Address("127.0.0.1", entry.port()));
    }
}

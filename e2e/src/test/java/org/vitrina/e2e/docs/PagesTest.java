package org.vitrina.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages of this repository point to is in it, and what has to have a page has one. */
class PagesTest {
    private static final Path ROOT = root();
    private static final List<Path> FILES = files();
    private static final List<Page> PAGES = FILES.stream()
            .filter(file -> file.toString().endsWith(".md"))
            .map(Page::of)
            .toList();

    /** Documents, places and numbers that a reader of this repository does not have. */
    private static final Pattern ELSEWHERE = Pattern.compile(
            "FIELD-NOTES|\\bDESIGN\\b|\\bCONTRACTS\\b|\\b[Ii]ssue \\d+|\\((?:must|goal) \\d|\\.\\./shared");
    /** What may use a harness or a cluster beside this repository where there is one, and says so where there is none. */
    private static final List<String> BESIDE = List.of(".ci/run", "benchmarks/run", "e2e/cluster", "native-build/");
    /** Pages that lead through the code of today, with a type as `Type` or `package/Type`; an ADR may name what once was. */
    private static final Pattern OF_TODAY = Pattern.compile(
            "docs/(architecture|anatomy-of-a-service|crash-proof)\\.md|(services|platform)/[^/]+/README\\.md");

    private static final Pattern TYPE =
            Pattern.compile("`((?:[a-z]+/)*[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)?)(?:#\\w+)?`");
    /** Types of others. */
    private static final Set<String> OTHERS =
            Set.of("Dockerfile", "Multi", "Uni", "Clock", "Duration", "Location", "Link", "Age", "Host");

    @Test
    void everyLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Page page : PAGES) {
            for (String link : page.links()) {
                String path = link.replaceFirst("#.*", "");
                Path target = path.isEmpty()
                        ? page.file()
                        : page.file().resolveSibling(path).normalize();
                String heading = link.contains("#") ? link.substring(link.indexOf('#') + 1) : "";
                if (!target.startsWith(ROOT) || !Files.exists(target)) {
                    broken.add(page + " -> " + link + ": there is no such file");
                } else if (!heading.isEmpty() && !Page.of(target).headings().contains(heading)) {
                    broken.add(page + " -> " + link + ": there is no such heading");
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void nothingRefersToWhatIsNotInThisRepository() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : FILES) {
            String name = name(file);
            if (!name.equals(name(Path.of("e2e/src/test/java/org/vitrina/e2e/docs/PagesTest.java")))) {
                List<String> lines = Files.readAllLines(file);
                for (int i = 0; i < lines.size(); i++) {
                    Matcher elsewhere = ELSEWHERE.matcher(lines.get(i));
                    if (elsewhere.find()
                            && !(elsewhere.group().startsWith("..")
                                    && BESIDE.stream().anyMatch(name::startsWith))) {
                        found.add(name + ":" + (i + 1) + " " + elsewhere.group());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyServiceAndEveryPlatformModuleHasAReadme() {
        List<String> lacking = FILES.stream()
                .map(PagesTest::name)
                .filter(name -> name.matches("(services|platform)/[^/]+/pom\\.xml"))
                .map(name -> name.replace("pom.xml", "README.md"))
                .filter(readme -> !Files.isRegularFile(ROOT.resolve(readme)))
                .toList();
        assertThat(lacking).isEmpty();
    }

    @Test
    void everyDecisionHasTheSameFormAndIsInTheIndex() {
        Path folder = ROOT.resolve("docs/adr");
        String index = Page.of(folder.resolve("README.md")).text();
        List<Page> decisions = PAGES.stream()
                .filter(page -> page.toString().matches("docs/adr/\\d{4}-.*\\.md"))
                .toList();
        assertThat(decisions).isNotEmpty().allSatisfy(decision -> {
            String file = decision.file().getFileName().toString();
            Matcher form = Pattern.compile(
                            "(?s)# " + file.substring(0, 4) + " \\S[^\n]*\n\n- Date: (\\d{4}-\\d\\d-\\d\\d)\n"
                                    + "- Status: ((?:accepted|superseded)[^\n]*)\n"
                                    + "\n## Context\n.*\n## Decision\n.*\n## Rejected\n.*\n## Consequences\n.*")
                    .matcher(decision.text());
            assertThat(form.matches())
                    .as("%s has the form that docs/adr/README.md shows", decision)
                    .isTrue();
            assertThat(index).contains("](" + file + ") | " + form.group(1) + " | " + form.group(2) + " |");
        });
    }

    @Test
    void everyTypeThatAPageOfTodayNamesIsThere() {
        List<String> sources = FILES.stream()
                .map(Path::toString)
                .filter(name -> name.endsWith(".java"))
                .toList();
        List<String> gone = new ArrayList<>();
        for (Page page : PAGES) {
            if (OF_TODAY.matcher(page.toString()).matches()) {
                TYPE.matcher(page.text())
                        .results()
                        .map(result -> result.group(1))
                        .filter(type -> !OTHERS.contains(type)
                                && sources.stream().noneMatch(source -> source.endsWith("/" + type + ".java")))
                        .forEach(type -> gone.add(page + ": " + type));
            }
        }
        assertThat(gone).isEmpty();
    }

    @Test
    void everyLineOfTheThreatModelIsShownByTestsThatAreThere() {
        List<String> tests = FILES.stream()
                .map(PagesTest::name)
                .filter(name ->
                        name.endsWith(".java") && (name.contains("src/test/") || name.contains("platform/testing/")))
                .toList();
        List<String> lines = Page.of(ROOT.resolve("SECURITY.md"))
                .text()
                .lines()
                .dropWhile(line -> !line.startsWith("| who | wants |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(15).allSatisfy(line -> {
            String[] columns = line.split("\\|", -1);
            List<String> shownBy = TYPE.matcher(columns[columns.length - 2])
                    .results()
                    .map(result -> result.group(1))
                    .toList();
            assertThat(shownBy).as(line).isNotEmpty().allSatisfy(test -> assertThat(tests)
                    .anyMatch(name -> name.endsWith("/" + test + ".java")));
        });
    }

    @Test
    void findsALinkAndAHeadingAsAReaderDoes() {
        Page page = new Page(
                ROOT.resolve("page.md"),
                "# A *b*, `c`: d\n\n[x](y.md#z) `[no](no.md)`\n\n```\n# e\n[no](no.md)\n```\n# A *b*, `c`: d\n");
        assertThat(page.links()).containsExactly("y.md#z");
        assertThat(page.headings()).containsExactly("a-b-c-d", "a-b-c-d-1");
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("vitrina"))) {
            folder = Objects.requireNonNull(folder.getParent(), "not in a clone of the project");
        }
        return folder;
    }

    private static String name(Path file) {
        return ROOT.relativize(ROOT.resolve(file)).toString();
    }

    /** Every text of the project: no output of a build, no data of an instance. */
    private static List<Path> files() {
        Set<String> passedOver = Set.of(".git", ".idea", ".vitrina", "node_modules", "results", "target");
        Predicate<Path> isText = file -> file.getFileName()
                        .toString()
                        .matches(".*\\.(md|java|sql|sh|py|ya?ml|xml|properties|tpl|txt|html|css|js|env)|[^.]+|\\.env.*")
                && Files.isRegularFile(file);
        List<Path> found = new ArrayList<>();
        List<Path> folders = new ArrayList<>(List.of(ROOT));
        while (!folders.isEmpty()) {
            try (Stream<Path> entries = Files.list(folders.removeLast())) {
                entries.sorted().forEach(entry -> {
                    if (Files.isDirectory(entry)
                            && !passedOver.contains(entry.getFileName().toString())) {
                        folders.add(entry);
                    } else if (isText.test(entry)) {
                        found.add(entry);
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private record Page(Path file, String text) {
        private static final Pattern CODE = Pattern.compile("(?s)```.*?\n *```|(?<!`)`[^`\n]*`(?!`)");
        private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

        static Page of(Path file) {
            try {
                return new Page(file, Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Those into this repository. */
        List<String> links() {
            return LINK.matcher(CODE.matcher(text).replaceAll("code"))
                    .results()
                    .map(result -> result.group(1))
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .toList();
        }

        /** As GitHub makes anchors of them: a second one of the same words ends in -1. */
        List<String> headings() {
            List<String> anchors = new ArrayList<>();
            Pattern.compile("(?m)^#{1,6} (.*)$")
                    .matcher(text.replaceAll("(?s)```.*?\n *```", ""))
                    .results()
                    .forEach(heading -> {
                        String anchor = heading.group(1)
                                .replaceAll("\\]\\([^)]*\\)", "")
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                                .strip()
                                .replace(' ', '-');
                        long before = anchors.stream()
                                .filter(other -> other.matches(Pattern.quote(anchor) + "(-\\d+)?"))
                                .count();
                        anchors.add(before == 0 ? anchor : anchor + "-" + before);
                    });
            return anchors;
        }

        @Override
        public String toString() {
            return name(file);
        }
    }
}

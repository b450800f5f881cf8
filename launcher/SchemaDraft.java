import jakarta.persistence.Entity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.tool.schema.TargetType;
import org.hibernate.tool.schema.spi.ContributableMatcher;
import org.hibernate.tool.schema.spi.ExceptionHandler;
import org.hibernate.tool.schema.spi.ExecutionOptions;
import org.hibernate.tool.schema.spi.SchemaManagementTool;
import org.hibernate.tool.schema.spi.ScriptTargetOutput;
import org.hibernate.tool.schema.spi.TargetDescriptor;

/**
 * What the entities of a service have and its database lacks, a statement of SQL a line: Hibernate's own schema migration, written
 * down and not carried out. Run by {@code ./vitrina migrate SERVICE diff} from this source, with the service's libraries and
 * PostgreSQL's driver as class path. Arguments: the folder of the service's classes, URL, user; the password is in
 * {@code VITRINA_DB_PASSWORD}.
 */
class SchemaDraft {
    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings = Map.of(
                "jakarta.persistence.jdbc.url", arguments[1],
                "jakarta.persistence.jdbc.user", arguments[2],
                "jakarta.persistence.jdbc.password", System.getenv("VITRINA_DB_PASSWORD"),
                "hibernate.hbm2ddl.extra_physical_table_types", "PARTITIONED TABLE");
        List<String> statements = new ArrayList<>();
        try (StandardServiceRegistry registry =
                new StandardServiceRegistryBuilder().applySettings(settings).build()) {
            MetadataSources sources = new MetadataSources(registry);
            entities(Path.of(arguments[0])).forEach(sources::addAnnotatedClass);
            Metadata metadata = sources.buildMetadata();
            registry.requireService(SchemaManagementTool.class)
                    .getSchemaMigrator(settings)
                    .doMigration(metadata, options(settings), ContributableMatcher.ALL, into(statements));
        }
        statements.forEach(System.out::println);
    }

    private static List<Class<?>> entities(Path classes) throws IOException, ClassNotFoundException {
        List<Class<?>> entities = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(file -> file.toString().endsWith("Entity.class")).sorted().toList()) {
                String name = classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> type = Class.forName(name, false, SchemaDraft.class.getClassLoader());
                if (type.isAnnotationPresent(Entity.class)) {
                    entities.add(type);
                }
            }
        }
        return entities;
    }

    private static ExecutionOptions options(Map<String, Object> settings) {
        return new ExecutionOptions() {
            @Override
            public Map<String, Object> getConfigurationValues() {
                return settings;
            }

            @Override
            public boolean shouldManageNamespaces() {
                return false;
            }

            @Override
            public ExceptionHandler getExceptionHandler() {
                return failure -> {
                    throw failure;
                };
            }
        };
    }

    private static TargetDescriptor into(List<String> statements) {
        ScriptTargetOutput output = new ScriptTargetOutput() {
            @Override
            public void prepare() {}

            @Override
            public void accept(String command) {
                statements.add(command.strip().replaceAll("\\s+", " "));
            }

            @Override
            public void release() {}
        };
        return new TargetDescriptor() {
            @Override
            public EnumSet<TargetType> getTargetTypes() {
                return EnumSet.of(TargetType.SCRIPT);
            }

            @Override
            public ScriptTargetOutput getScriptTargetOutput() {
                return output;
            }
        };
    }
}

package org.vitrina.testing;

import java.util.List;
import java.util.Map;

/** The path of an operation of an OpenAPI document, with a value of the right kind for each of its parameters. */
public final class OperationPath {
    /** For what is an integer. */
    public static final String NUMBER = "2147480007";
    /** For what is a text. */
    public static final String NAME = "somebody";

    private static final String UUID = "00000000-0000-4000-8000-000000000007";

    private OperationPath() {}

    public static String filled(String path, Map<?, ?> operation) {
        String target = path;
        if (operation.get("parameters") instanceof List<?> parameters) {
            for (Object each : parameters) {
                if (each instanceof Map<?, ?> parameter
                        && "path".equals(parameter.get("in"))
                        && parameter.get("schema") instanceof Map<?, ?> schema) {
                    target = target.replace("{" + parameter.get("name") + "}", value(schema));
                }
            }
        }
        return target.replaceAll("\\{[^}]*}", NAME);
    }

    private static String value(Map<?, ?> schema) {
        if ("uuid".equals(schema.get("format"))) {
            return UUID;
        }
        return String.valueOf(schema.get("type")).contains("integer") ? NUMBER : NAME;
    }
}

package org.vitrina.reachability.watch;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;

/** The JDK's methods that look something up by name, and the call of {@link Recorder} at the head of each. */
final class Hooks {
    static final Map<String, Class<?>> WATCHED = Map.of(
            "java/lang/Class", Class.class,
            "java/lang/ClassLoader", ClassLoader.class,
            "java/lang/System", System.class,
            "java/lang/Runtime", Runtime.class,
            "java/lang/reflect/Proxy", Proxy.class,
            "java/util/ResourceBundle", ResourceBundle.class,
            "java/util/ServiceLoader", ServiceLoader.class);

    static final ClassDesc RECORDER = ClassDesc.of("org.vitrina.reachability.watch.Recorder");

    private static final ClassDesc STRING = ConstantDescs.CD_String;
    private static final ClassDesc CLASS = ConstantDescs.CD_Class;
    private static final ClassDesc CLASSES = CLASS.arrayType();

    private static final Set<String> ENUMERATIONS = Set.of(
            "getMethods",
            "getDeclaredMethods",
            "getConstructors",
            "getDeclaredConstructors",
            "getFields",
            "getDeclaredFields",
            "getRecordComponents",
            "getDeclaredClasses");

    private Hooks() {}

    /** What is to stand at the method's head; empty where it is none of ours. */
    static Optional<Consumer<CodeBuilder>> of(String owner, MethodModel method) {
        if (!method.flags().has(AccessFlag.PUBLIC) || method.code().isEmpty()) {
            return Optional.empty();
        }
        String name = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        int first = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
        return Optional.ofNullable(
                switch (owner) {
                    case "java/lang/Class" -> ofClass(name, type);
                    case "java/lang/ClassLoader" ->
                        name.matches("(get(System)?Resource(s|AsStream)?|resources)")
                                ? told("resource", STRING, first)
                                : null;
                    case "java/util/ResourceBundle" -> name.equals("getBundle") ? told("bundle", STRING, 0) : null;
                    case "java/util/ServiceLoader" ->
                        name.startsWith("load") && type.parameterType(0).equals(CLASS)
                                ? told("service", CLASS, 0)
                                : null;
                    case "java/lang/reflect/Proxy" ->
                        name.equals("newProxyInstance") ? told("proxy", CLASSES, 1) : null;
                    default -> name.matches("load(Library)?") ? told("library", STRING, first) : null;
                });
    }

    private static Consumer<CodeBuilder> ofClass(String name, MethodTypeDesc type) {
        return switch (name) {
            case "forName" -> type.parameterType(0).equals(STRING) ? told("type", STRING, 0) : null;
            case "getMethod", "getDeclaredMethod" ->
                member("method", code -> code.aload(0).aload(1).aload(2));
            case "getConstructor", "getDeclaredConstructor" ->
                member(
                        "constructor",
                        code -> code.aload(0).loadConstant("<init>").aload(1));
            case "newInstance" ->
                member(
                        "constructor",
                        code -> code.aload(0).loadConstant("<init>").aconst_null());
            case "getField", "getDeclaredField" -> code -> tell(code.aload(0).aload(1), "field", CLASS, STRING);
            case "getResource", "getResourceAsStream" ->
                code -> tell(code.aload(0).aload(1), "resourceOf", CLASS, STRING);
            default ->
                ENUMERATIONS.contains(name)
                        ? code -> tell(code.loadConstant(name).aload(0), "members", STRING, CLASS)
                        : null;
        };
    }

    /** @param arguments loads class, name, parameter types */
    private static Consumer<CodeBuilder> member(String kind, Consumer<CodeBuilder> arguments) {
        return code -> {
            code.loadConstant(kind);
            arguments.accept(code);
            tell(code, "member", STRING, CLASS, STRING, CLASSES);
        };
    }

    private static Consumer<CodeBuilder> told(String method, ClassDesc parameter, int slot) {
        return code -> tell(code.aload(slot), method, parameter);
    }

    private static void tell(CodeBuilder code, String method, ClassDesc... parameters) {
        code.invokestatic(RECORDER, method, MethodTypeDesc.of(ConstantDescs.CD_void, parameters));
    }
}

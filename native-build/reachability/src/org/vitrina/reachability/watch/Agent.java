package org.vitrina.reachability.watch;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import java.security.ProtectionDomain;
import java.util.function.Consumer;

/**
 * Puts a call of {@link Recorder} at the head of the JDK's methods that look something up by name, and before each call of
 * {@code ClassLoader.loadClass} (the JVM itself calls that one too).
 * {@code -javaagent:agent.jar=RECORD,REPLACED METHODS[,PLANTED FAULT]}.
 */
public final class Agent {
    private static final String LOAD_CLASS = "loadClass";
    private static final MethodTypeDesc LOADS = MethodTypeDesc.of(ConstantDescs.CD_Class, ConstantDescs.CD_String);
    private static final MethodTypeDesc OF_NAME = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
    private static final String OWN = Agent.class.getPackageName().replace('.', '/') + "/";

    private Agent() {}

    public static void premain(String arguments, Instrumentation jvm) throws Exception {
        String[] words = arguments.split(",");
        Recorder.open(words[0], words[1]);
        jvm.addTransformer(new Watching(), true);
        jvm.retransformClasses(Hooks.WATCHED.values().toArray(Class<?>[]::new));
        if (words.length > 2) {
            Planted.start(words[2]);
        }
    }

    private static final class Watching implements ClassFileTransformer {
        @Override
        public byte[] transform(
                ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
            try {
                if (redefined != null) {
                    return Hooks.WATCHED.containsKey(name) ? watched(name, bytes) : null;
                }
                return loader != null && !name.startsWith(OWN) && mentionsLoadClass(bytes) ? loading(bytes) : null;
            } catch (Throwable e) {
                // the JVM would go on in silence, with a class that nobody watches
                System.err.println("reachability: " + name + " cannot be watched: " + e);
                Runtime.getRuntime().halt(70);
                throw e;
            }
        }
    }

    private static byte[] watched(String owner, byte[] bytes) {
        ClassFile format = ClassFile.of();
        return format.transformClass(format.parse(bytes), (type, element) -> {
            if (element instanceof MethodModel method) {
                Hooks.of(owner, method)
                        .ifPresentOrElse(
                                hook -> type.transformMethod(method, MethodTransform.transformingCode(atHead(hook))),
                                () -> type.with(method));
            } else {
                type.with(element);
            }
        });
    }

    private static CodeTransform atHead(Consumer<CodeBuilder> hook) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                hook.accept(code);
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
    }

    private static byte[] loading(byte[] bytes) {
        ClassFile format = ClassFile.of();
        return format.transformClass(format.parse(bytes), ClassTransform.transformingMethodBodies((code, element) -> {
            if (element instanceof InvokeInstruction call
                    && call.name().equalsString(LOAD_CLASS)
                    && call.typeSymbol().equals(LOADS)) {
                code.dup().invokestatic(Hooks.RECORDER, "loading", OF_NAME);
            }
            code.with(element);
        }));
    }

    /** Most classes do not, and need not be parsed. */
    private static boolean mentionsLoadClass(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(LOAD_CLASS);
    }
}

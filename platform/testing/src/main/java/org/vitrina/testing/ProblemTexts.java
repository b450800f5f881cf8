package org.vitrina.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The texts with which a class makes its problems, read from its byte code: ArchUnit sees no constants. */
final class ProblemTexts {
    private static final String PROBLEM = "org/vitrina/core/ProblemException";

    /** May be made within the same brackets; its title is none of our texts. */
    private static final String CODE = "org/vitrina/core/ErrorCode";

    /** Stands for a value in the recipe of a text that is put together. */
    private static final char VALUE = '\1';

    private ProblemTexts() {}

    /** Those that end in something else than a full stop; where a value ends one, nobody can tell. */
    static List<String> without(JavaClass type) {
        List<String> found = new ArrayList<>();
        type.getSource().ifPresent(source -> {
            try (InputStream bytes = source.getUri().toURL().openStream()) {
                new ClassReader(bytes).accept(new Texts(found), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return found.stream()
                .filter(text -> !text.endsWith(".") && text.charAt(text.length() - 1) != VALUE)
                .map(text -> text.replace(VALUE, '…'))
                .toList();
    }

    /** Of what is between {@code new ProblemException} and its constructor the first text of several words. */
    private static final class Texts extends ClassVisitor {
        private final List<String> found;

        Texts(List<String> found) {
            super(Opcodes.ASM9);
            this.found = found;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
                private final Deque<List<String>> open = new ArrayDeque<>();

                @Override
                public void visitTypeInsn(int opcode, String type) {
                    if (opcode == Opcodes.NEW && (type.equals(PROBLEM) || type.equals(CODE))) {
                        open.push(new ArrayList<>());
                    }
                }

                @Override
                public void visitLdcInsn(Object value) {
                    add(value);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String name, String descriptor, Handle bootstrap, Object... arguments) {
                    if (name.equals("makeConcatWithConstants")) {
                        add(arguments[0]);
                    }
                }

                private void add(Object value) {
                    if (!open.isEmpty()
                            && value instanceof String text
                            && text.strip().contains(" ")) {
                        open.element().add(text);
                    }
                }

                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String name, String descriptor, boolean isInterface) {
                    if (name.equals("<init>") && !open.isEmpty() && (owner.equals(PROBLEM) || owner.equals(CODE))) {
                        List<String> texts = open.pop();
                        if (owner.equals(PROBLEM)) {
                            texts.stream().findFirst().ifPresent(found::add);
                        }
                    }
                }
            };
        }
    }
}

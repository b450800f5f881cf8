package org.vitrina.reachability;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Names that stand in code: what native-image's analysis sees of a look-up's arguments.
 *
 * @param strings literals
 * @param types the names of class literals
 */
record Constants(Set<String> strings, Set<String> types) {
    /** The string literals that come before the last call of a method of that name. */
    static Set<String> stringsBefore(byte[] type, String called) {
        Set<String> before = new HashSet<>();
        for (MethodModel method : ClassFile.of().parse(type).methods()) {
            Set<String> strings = new HashSet<>();
            for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
                if (element instanceof ConstantInstruction.LoadConstantInstruction load
                        && load.constantEntry() instanceof StringEntry string) {
                    strings.add(string.stringValue());
                } else if (element instanceof InvokeInstruction call
                        && call.name().equalsString(called)) {
                    before.addAll(strings);
                }
            }
        }
        return before;
    }

    /** Of all its methods. */
    static Constants of(byte[] type) {
        var constants = new Constants(new HashSet<>(), new HashSet<>());
        ClassFile.of().parse(type).methods().forEach(constants::add);
        return constants;
    }

    /** Of one method. */
    static Constants of(byte[] type, String method, String descriptor) {
        var constants = new Constants(new HashSet<>(), new HashSet<>());
        ClassFile.of().parse(type).methods().stream()
                .filter(candidate -> candidate.methodName().equalsString(method)
                        && candidate.methodType().equalsString(descriptor))
                .forEach(constants::add);
        return constants;
    }

    private void add(MethodModel method) {
        if (method.code().isEmpty()) {
            return;
        }
        CodeModel code = method.code().get();
        code.forEach(element -> {
            if (element instanceof ConstantInstruction.LoadConstantInstruction load) {
                if (load.constantEntry() instanceof StringEntry string) {
                    strings.add(string.stringValue());
                } else if (load.constantEntry() instanceof ClassEntry type) {
                    types.add(type.asInternalName().replace('/', '.'));
                }
            }
        });
    }
}

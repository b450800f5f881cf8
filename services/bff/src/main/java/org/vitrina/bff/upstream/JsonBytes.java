package org.vitrina.bff.upstream;

import java.util.Arrays;

/** A growing array of bytes with what the pages need of JSON: numbers, and text that is JSON already. */
public final class JsonBytes {
    private byte[] bytes;
    private int length;

    public JsonBytes(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    public int length() {
        return length;
    }

    public JsonBytes write(char ascii) {
        room(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    public JsonBytes write(byte[] text) {
        return write(text, 0, text.length);
    }

    public JsonBytes write(byte[] text, int from, int count) {
        room(count);
        System.arraycopy(text, from, bytes, length, count);
        length += count;
        return this;
    }

    public JsonBytes write(String ascii) {
        int count = ascii.length();
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** Writes a whole number, not negative. */
    public JsonBytes write(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        room(digits);
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    public JsonBytes write(int number) {
        return write((long) number);
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, length);
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}

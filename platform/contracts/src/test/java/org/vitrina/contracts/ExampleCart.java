package org.vitrina.contracts;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code examples/cart/cart.py}, really running. */
final class ExampleCart implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");

    private final Process process;
    private final URI url;

    ExampleCart() throws IOException {
        process = new ProcessBuilder("python3", "../../examples/cart/cart.py", "--port", "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // open until the program ends: one that cannot write any more would
        BufferedReader said = process.inputReader();
        Matcher address = ADDRESS.matcher(String.valueOf(said.readLine()));
        if (!address.find()) {
            close();
            throw new IllegalStateException("the cart did not say where it listens");
        }
        url = URI.create(address.group());
    }

    URI url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}

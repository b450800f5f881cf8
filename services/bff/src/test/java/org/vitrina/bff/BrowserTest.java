package org.vitrina.bff;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.vitrina.testing.browser.Browser;

/** A class of tests in a real browser, which it has for itself. */
abstract class BrowserTest extends BffTest {
    @SuppressWarnings("NullAway.Init")
    static Browser browser;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void closeBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }
}

package org.vitrina.bff.shop;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.vitrina.http.ETags;

/**
 * The pages' static files: each under a name with a hash of its content, so that a browser asks once and never again. They
 * take none of the places of those who are served ({@code Admission}).
 */
@Singleton
class Assets {
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String FOLDER = "shop/";

    private record Asset(String type, String etag, Buffer plain, Buffer zipped) {}

    private final Map<String, Asset> byPath = new HashMap<>();
    private final String style;
    private final String script;
    private final String glyphs;
    private final String icon;

    Assets() {
        this.style = add("shop.css", "text/css;charset=UTF-8");
        this.script = add("shop.js", "text/javascript;charset=UTF-8");
        this.glyphs = add("glyphs.svg", "image/svg+xml");
        this.icon = add("icon.svg", "image/svg+xml");
    }

    String style() {
        return style;
    }

    String script() {
        return script;
    }

    String glyphs() {
        return glyphs;
    }

    String icon() {
        return icon;
    }

    private String add(String name, String type) {
        byte[] content = read(name);
        String etag = ETags.ofContent(content);
        int dot = name.lastIndexOf('.');
        String path =
                "/assets/" + name.substring(0, dot) + "-" + etag.substring(1, etag.length() - 1) + name.substring(dot);
        byPath.put(path, new Asset(type, etag, Buffer.buffer(content), Buffer.buffer(zipped(content))));
        return path;
    }

    void register(@Observes Router router) {
        router.route("/assets/*").handler(this::serve);
        // browsers ask for it by themselves, whatever a page says
        router.route("/favicon.ico").handler(context -> {
            if (isRead(context)) {
                send(context, byPath.get(icon), "public, max-age=86400");
            } else {
                context.next();
            }
        });
    }

    private void serve(RoutingContext context) {
        Asset asset = byPath.get(context.normalizedPath());
        if (asset == null || !isRead(context)) {
            context.next();
        } else {
            send(context, asset, FOREVER);
        }
    }

    private static boolean isRead(RoutingContext context) {
        HttpMethod method = context.request().method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    private static void send(RoutingContext context, @Nullable Asset asset, String caching) {
        if (asset == null) {
            context.next();
            return;
        }
        HttpServerRequest asked = context.request();
        HttpServerResponse answer = context.response();
        answer.putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader(HttpHeaders.ETAG, asset.etag())
                .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (!ETags.noneMatch(ETags.field(asked.headers().getAll(HttpHeaders.IF_NONE_MATCH)), asset.etag())) {
            answer.setStatusCode(304).end();
            return;
        }
        boolean zip = Visits.takesGzip(asked.getHeader(HttpHeaders.ACCEPT_ENCODING));
        answer.putHeader(HttpHeaders.CONTENT_TYPE, asset.type());
        if (zip) {
            answer.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        Buffer body = zip ? asset.zipped() : asset.plain();
        if (asked.method().equals(HttpMethod.HEAD)) {
            answer.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            answer.end(body);
        }
    }

    private static byte[] read(String name) {
        try (InputStream file = Assets.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalStateException("there is no file " + FOLDER + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    private static byte[] zipped(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }
}

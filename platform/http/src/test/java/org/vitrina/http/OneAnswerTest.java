package org.vitrina.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;

class OneAnswerTest {
    private final EmbeddedChannel connection = new EmbeddedChannel(new OneAnswer());

    @Test
    void endsTheConnectionWithTheAnswerAndNotBefore() {
        connection.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        connection.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertThat(((HttpResponse) connection.readOutbound()).headers().contains("connection"))
                .isFalse();
        assertThat(((HttpResponse) connection.readOutbound()).headers().get("connection"))
                .isEqualTo("close");
        assertThat(connection.isOpen()).isTrue();

        connection.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(connection.isOpen()).isFalse();
    }
}

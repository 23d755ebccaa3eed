package io.parley.journal.reading;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers requests that never reach WebFlux: a request line or headers that cannot be read, or that
 * are too long. The server refuses them by itself, but with an empty body, and no error here is
 * empty.
 */
@Component
public final class UnreadableRequests
    implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {
  private final JsonMapper json;

  UnreadableRequests(JsonMapper json) {
    this.json = json;
  }

  @Override
  public void customize(NettyReactiveWebServerFactory factory) {
    factory.addServerCustomizers(
        server ->
            server.doOnChannelInit(
                (observer, channel, address) ->
                    channel
                        .pipeline()
                        .addAfter(NettyPipeline.HttpCodec, "unreadable-requests", new Reader())));
  }

  private static @Nullable Problem fault(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      Throwable cause = request.decoderResult().cause();
      return switch (cause) {
        case TooLongHttpLineException tooLong ->
            Problem.of(HttpStatus.URI_TOO_LONG, "URI_TOO_LONG", said(tooLong));
        case TooLongHttpHeaderException tooLong ->
            Problem.of(
                HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE", said(tooLong));
        default -> Problem.badRequest("INVALID_REQUEST", "the request cannot be read as HTTP");
      };
    }
    try {
      var _ = new URI(request.uri());
      return null;
    } catch (URISyntaxException e) {
      return Problem.badRequest(
          "INVALID_REQUEST", "the request line holds no URI: " + e.getReason());
    }
  }

  /** The decoder's own words: they name the limit. */
  private static String said(Throwable tooLong) {
    return String.valueOf(tooLong.getMessage());
  }

  /** Of one connection. */
  private final class Reader extends ChannelDuplexHandler {
    /** Requests that were handed on and are not answered yet: theirs come first. */
    private int unanswered;

    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (refused) {
        // What belongs to a request that was refused; the connection ends with the answer.
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof HttpRequest request) {
        Problem fault = unanswered == 0 ? fault(request) : null;
        if (fault != null) {
          refused = true;
          ReferenceCountUtil.release(message);
          refuse(context, fault);
          return;
        }
        unanswered++;
      }
      context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof LastHttpContent && !isInterim(message)) {
        unanswered--;
      }
      var _ = context.write(message, promise);
    }

    /** 100 Continue: whole by itself, and not the answer. */
    private static boolean isInterim(Object message) {
      return message instanceof HttpResponse response
          && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void refuse(ChannelHandlerContext context, Problem fault) {
      byte[] body = json.writeValueAsBytes(fault.body(ProblemHandler.newTraceId()));
      DefaultFullHttpResponse answer =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(fault.status().value()),
              Unpooled.wrappedBuffer(body));
      answer
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
          .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, SecurityHeaders.policy());
      SecurityHeaders.constant().forEach(answer.headers()::set);
      var _ = context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
  }
}

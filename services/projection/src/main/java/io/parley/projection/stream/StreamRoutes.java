package io.parley.projection.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * The streams' way below WebFlux (ADR 9). WebFlux answers the request as any other, with all that
 * holds for every path: tokens, headers, problems. Where a stream is granted it leaves the body to
 * be written, and its exchange is dropped: from then on bytes go straight to the channel.
 */
@Component
final class StreamRoutes implements NettyRouteProvider {
  private static final Pattern PATHS =
      Pattern.compile("/api/(?:negotiations/[^/]+/)?events(?:[?#].*)?");
  private static final AttributeKey<Grant> GRANT = AttributeKey.valueOf("parley.stream.grant");
  private static final String HANDLER = "parley-stream";

  private final ObjectProvider<HttpHandler> webFlux;
  private final Streams streams;
  private final AtomicReference<@Nullable ReactorHttpHandlerAdapter> adapter =
      new AtomicReference<>();

  StreamRoutes(ObjectProvider<HttpHandler> webFlux, Streams streams) {
    this.webFlux = webFlux;
    this.streams = streams;
  }

  /** Where the controller puts what it grants; null while it has granted nothing. */
  static final class Grant {
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

    void give(Subscription granted) {
      subscription.set(granted);
    }

    private @Nullable Subscription take() {
      return subscription.getAndSet(null);
    }
  }

  /** The grant of a request that came by these routes; null where it came by another way. */
  static @Nullable Grant grantOf(ServerHttpRequest request) {
    Object served = ServerHttpRequestDecorator.getNativeRequest(request);
    if (!(served instanceof HttpServerRequest own)) {
      return null;
    }
    Grant[] found = new Grant[1];
    own.withConnection(connection -> found[0] = connection.channel().attr(GRANT).get());
    return found[0];
  }

  @Override
  public HttpServerRoutes apply(HttpServerRoutes routes) {
    return routes.route(request -> PATHS.matcher(request.uri()).matches(), this::serve);
  }

  private ReactorHttpHandlerAdapter adapter() {
    ReactorHttpHandlerAdapter made = adapter.get();
    if (made == null) {
      made = new ReactorHttpHandlerAdapter(webFlux.getObject());
      adapter.set(made);
    }
    return made;
  }

  /**
   * Not a chain of operators: that would keep WebFlux's exchange for as long as the stream is open.
   */
  private Publisher<Void> serve(HttpServerRequest request, HttpServerResponse response) {
    return Mono.create(
        sink -> {
          Grant grant = new Grant();
          request.withConnection(connection -> connection.channel().attr(GRANT).set(grant));
          Disposable answering =
              Mono.from(adapter().apply(request, response))
                  .subscribe(
                      nothing -> {},
                      error -> {
                        abandon(grant);
                        sink.error(error);
                      },
                      () -> granted(grant, request, response, sink));
          sink.onCancel(
              () -> {
                answering.dispose();
                abandon(grant);
              });
        });
  }

  private void abandon(Grant grant) {
    Subscription subscription = grant.take();
    if (subscription != null) {
      streams.release(subscription);
    }
  }

  private void granted(
      Grant grant, HttpServerRequest request, HttpServerResponse response, MonoSink<Void> sink) {
    Subscription subscription = grant.take();
    if (subscription == null) {
      sink.success();
      return;
    }
    boolean bare = request.version().equals(HttpVersion.HTTP_1_0);
    response.keepAlive(false);
    response.chunkedTransfer(!bare);
    response.compression(false);
    request.withConnection(
        connection -> {
          Channel channel = connection.channel();
          channel.attr(GRANT).set(null);
          Mono.from(response.sendHeaders().then())
              .subscribe(
                  nothing -> {},
                  error -> {
                    streams.release(subscription);
                    sink.error(error);
                  },
                  // Behind all batches that came before the class was taken.
                  () ->
                      channel.eventLoop().execute(() -> begin(channel, bare, subscription, sink)));
        });
  }

  private void begin(
      Channel channel, boolean bare, Subscription subscription, MonoSink<Void> sink) {
    ChannelHandlerContext wire = channel.pipeline().context(NettyPipeline.HttpCodec);
    if (wire == null || !channel.isActive()) {
      streams.release(subscription);
      sink.success();
      return;
    }
    if (channel instanceof EpollSocketChannel socket) {
      // The kernel gives a connection up whose other end is gone, without waiting for a quarter of
      // an hour; later than we give up one that takes nothing, which we know the reason of.
      socket
          .config()
          .setOption(
              EpollChannelOption.TCP_USER_TIMEOUT,
              (int) streams.properties().stalledAfter().multipliedBy(2).toMillis());
    }
    Subscriber subscriber = new Subscriber(streams, wire, bare, subscription, sink::success);
    channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, HANDLER, subscriber);
    sink.onDispose(() -> channel.eventLoop().execute(subscriber::leave));
    subscriber.begin();
  }
}

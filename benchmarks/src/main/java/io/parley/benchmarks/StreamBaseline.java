package io.parley.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.http.server.HttpServer;

/**
 * What the streams are compared with, in a process of its own. Takes a line on a socket and sends
 * it to every subscriber in a message of 1 KiB. Prints its two ports.
 */
final class StreamBaseline {
  private static final int MESSAGE_BYTES = 1024;
  private static final String ID = "AQAAAAAAAAAAAQYAAAAAAAAAAA";

  private StreamBaseline() {}

  /**
   * Runs until it is killed.
   *
   * @param arguments {@code bare} (one shared buffer, straight to Netty's channels) or {@code
   *     webflux} (a ServerSentEvent and Jackson for each subscriber)
   */
  public static void main(String[] arguments) throws Exception {
    ServerSocket control = new ServerSocket();
    control.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Consumer<String> publish;
    int port;
    if (arguments[0].equals("bare")) {
      Bare bare = new Bare();
      port = bare.bind();
      publish = bare::publish;
    } else {
      var context = new AnnotationConfigApplicationContext(WebFlux.class);
      var handler =
          new ReactorHttpHandlerAdapter(WebHttpHandlerBuilder.applicationContext(context).build());
      port = HttpServer.create().host("127.0.0.1").port(0).handle(handler).bindNow().port();
      publish = context.getBean(Feed.class)::publish;
    }
    System.out.println(port + " " + control.getLocalPort());
    System.out.flush();
    while (true) {
      try (Socket socket = control.accept();
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          publish.accept(line);
        }
      }
    }
  }

  private static String padding(String text) {
    return ".".repeat(MESSAGE_BYTES - ID.length() - text.length() - 40);
  }

  /** One loop, one buffer a message, a reference to it for each channel. */
  private static final class Bare {
    private final EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<Channel> channels = new ArrayList<>();

    int bind() throws InterruptedException {
      Channel server =
          new ServerBootstrap()
              .group(loops)
              .channel(EpollServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 4096)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel
                          .pipeline()
                          .addLast("codec", new HttpServerCodec())
                          .addLast(new HttpObjectAggregator(8192))
                          .addLast(new Opening());
                    }
                  })
              .bind("127.0.0.1", 0)
              .sync()
              .channel();
      return ((InetSocketAddress) server.localAddress()).getPort();
    }

    void publish(String text) {
      byte[] message =
          "id: %s\ndata: {\"text\":\"%s%s\"}\n\n"
              .formatted(ID, text, padding(text))
              .getBytes(StandardCharsets.US_ASCII);
      ByteBuf head =
          Unpooled.copiedBuffer(
              Integer.toHexString(message.length) + "\r\n", StandardCharsets.US_ASCII);
      ByteBuf chunk =
          Unpooled.directBuffer(head.readableBytes() + message.length + 2)
              .writeBytes(head)
              .writeBytes(message)
              .writeBytes(new byte[] {'\r', '\n'});
      loops
          .next()
          .execute(
              () -> {
                for (Channel channel : channels) {
                  var _ =
                      channel
                          .pipeline()
                          .firstContext()
                          .writeAndFlush(chunk.retainedDuplicate(), channel.unsafe().voidPromise());
                }
                chunk.release();
              });
    }

    private final class Opening extends SimpleChannelInboundHandler<FullHttpRequest> {
      @Override
      protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        var _ =
            context
                .pipeline()
                .firstContext()
                .writeAndFlush(
                    Unpooled.copiedBuffer(
                        String.join(
                            "\r\n",
                            "HTTP/1.1 200 OK",
                            "Content-Type: text/event-stream",
                            "Transfer-Encoding: chunked",
                            "",
                            ""),
                        StandardCharsets.US_ASCII));
        channels.add(context.channel());
        context.channel().closeFuture().addListener(_ -> channels.remove(context.channel()));
      }
    }
  }

  /** As a WebFlux application is written. */
  @Configuration(proxyBeanMethods = false)
  @EnableWebFlux
  static class WebFlux {
    @Bean
    Feed feed() {
      return new Feed();
    }
  }

  /** A message made into JSON for each subscriber. */
  @RestController
  static final class Feed {
    private final Sinks.Many<String> messages = Sinks.many().multicast().directBestEffort();

    void publish(String text) {
      messages.tryEmitNext(text).orThrow();
    }

    /** Messages as they come, after one that says that it is open. */
    @GetMapping(path = "/api/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<Map<String, String>>> events() {
      return messages
          .asFlux()
          .onBackpressureBuffer(256)
          .map(
              text ->
                  ServerSentEvent.<Map<String, String>>builder()
                      .id(ID)
                      .data(Map.of("text", text + padding(text)))
                      .build())
          .startWith(ServerSentEvent.<Map<String, String>>builder().id(ID).build());
    }
  }
}

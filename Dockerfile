# Parley's image: every service, chosen by PARLEY_SERVICE. Built from the jar that Maven made before:
#   ./parley image
# Nothing is fetched but the base image.
FROM eclipse-temurin:25-jre AS layers
WORKDIR /build
COPY services/image/target/parley-services.jar parley.jar
RUN java -Djarmode=tools -jar parley.jar extract --layers --destination layers

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 parley \
 && useradd --system --uid 10001 --gid parley --home-dir /var/lib/parley --no-create-home --shell /usr/sbin/nologin parley \
 && install -d -o parley -g parley /var/lib/parley /var/lib/parley/streams /app
WORKDIR /app
# What changes seldom first.
COPY --from=layers /build/layers/dependencies/ ./
COPY --from=layers /build/layers/spring-boot-loader/ ./
COPY --from=layers /build/layers/snapshot-dependencies/ ./
COPY --from=layers /build/layers/application/ ./
ENV MALLOC_ARENA_MAX=2
COPY deploy/image/java.options deploy/image/healthy /app/
# A start without brokers and database, up to where the web server would begin: which classes it loads, and how they
# are linked, is kept for every start after this (JEP 514). The projection has the most of what the four share.
RUN PARLEY_SERVICE=projection java @java.options -XX:AOTCacheOutput=/app/parley.aot -Dspring.context.exit=onRefresh -jar parley.jar \
      --parley.kafka.topics=assume --spring.r2dbc.url=r2dbc:postgresql://nobody@127.0.0.1:1/none --parley.state-directory=/tmp/train \
 && test -s /app/parley.aot && rm -rf /tmp/train
USER parley
EXPOSE 8080
VOLUME /var/lib/parley
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=240s --retries=6 CMD ["/app/healthy"]
# Options of one container go into JDK_JAVA_OPTIONS, which the JVM reads by itself: no shell stands before it, so that it
# is the one that is told to stop.
ENTRYPOINT ["java", "@/app/java.options", "-XX:AOTCache=/app/parley.aot", "-jar", "/app/parley.jar"]

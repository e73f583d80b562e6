# docker build -t voice-agent:4.0.0 .
# docker run -p 8080:8080 -p 5050:5050 voice-agent:4.0.0 serve --config conf/local.yaml
FROM maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml .
# Dependencies in a layer of their own: an edited source does not fetch them again.
RUN mvn -B -ntp -P'!checks' dependency:go-offline
COPY src src
RUN mvn -B -ntp -P'!checks' package -DskipTests
COPY conf conf
# Flags for newer Javas are marked "N-:"; this image has one that is new enough for all of them.
RUN sed -E -e '/^(#|$)/d' -e 's/^[0-9]+-://' conf/jvm.options > conf/java.args

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 agent \
 && useradd --system --uid 10001 --gid agent --home-dir /app --shell /usr/sbin/nologin agent
WORKDIR /app
COPY --from=build /build/target/voice-agent.jar voice-agent.jar
COPY --from=build /build/conf conf
RUN mkdir calls && chown agent:agent calls
USER 10001:10001
EXPOSE 8080 5050
STOPSIGNAL SIGTERM
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5050 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && read -r line <&3 && [[ $line == *' 200 '* ]]"]
ENTRYPOINT ["java", "@conf/java.args", "-jar", "voice-agent.jar"]
CMD ["serve"]

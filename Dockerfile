# The program alone: docker build -t ekslint .
# With a shell, as CI services want it: docker build -t ekslint:ci --target ci .

FROM rust:1.95-alpine3.22 AS build
# The C library that a static program is linked with.
RUN apk add --no-cache musl-dev=~1.2
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked && mv target/dist/ekslint /ekslint

FROM alpine:3.22 AS ci
COPY --from=build /ekslint /usr/local/bin/ekslint
USER 65534:65534
WORKDIR /work
CMD ["ekslint", "check"]

FROM scratch
COPY --from=build /ekslint /ekslint
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["/ekslint"]
CMD ["check"]

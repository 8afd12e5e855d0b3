# Two stages: the first installs what the lock names, by hash; the second holds nothing that builds.
# The tag is not a digest: pin it to the one you have checked, `python:3.11-slim@sha256:…`.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /srv/countersign \
 && /srv/countersign/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE app.yaml ./
COPY bot bot
COPY rules rules
COPY templates templates
# Rules and words are read once and byte code is written now: the file system is read-only later.
RUN /srv/countersign/bin/python -m pip install --quiet --no-deps --no-build-isolation . \
 && cd / \
 && /srv/countersign/bin/python -m bot.cli.prepared \
 && /srv/countersign/bin/python -c "import hcl2; hcl2.loads('a = 1\n')" \
 && /srv/countersign/bin/python -m compileall -q -j 0 /srv/countersign/lib

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/countersign --shell /usr/sbin/nologin countersign \
 && install -d -o 10001 -g 10001 -m 0700 /var/lib/countersign
COPY --from=build /srv/countersign /srv/countersign
ENV PATH=/srv/countersign/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    COUNTERSIGN_STATE_DIRECTORY=/var/lib/countersign \
    COUNTERSIGN_LISTEN=0.0.0.0:8080
USER 10001:10001
WORKDIR /var/lib/countersign
VOLUME /var/lib/countersign
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-I", "-c", "import http.client as c; h = c.HTTPConnection('127.0.0.1', 8080, timeout=3); h.request('GET', '/health'); raise SystemExit(h.getresponse().status != 200)"]
ENTRYPOINT ["countersign"]
CMD ["serve"]

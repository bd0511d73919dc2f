# Visnyk in an image: docker build -t visnyk . && docker run visnyk --version
# docs/deploy.md says how it is run; compose.yaml runs it with Caddy in front.
FROM python:3.13.7-slim-trixie AS build
WORKDIR /src
# First what changes seldom: the locked packages.
COPY requirements.txt .
RUN python -m venv /opt/visnyk \
    && /opt/visnyk/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY config config
RUN /opt/visnyk/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps . \
    && /opt/visnyk/bin/python -m compileall -q /opt/visnyk/lib

FROM python:3.13.7-slim-trixie
LABEL org.opencontainers.image.title="Visnyk" \
      org.opencontainers.image.description="A newsroom's articles on Telegram and Viber: verified, once, and checkable" \
      org.opencontainers.image.licenses="MIT"
# It runs as nobody in particular; all that it writes lies in /data.
RUN groupadd --gid 10001 visnyk && useradd --uid 10001 --gid visnyk --no-create-home visnyk \
    && install -d -o visnyk -g visnyk -m 0700 /data
COPY --from=build /opt/visnyk /opt/visnyk
ENV PATH=/opt/visnyk/bin:$PATH PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////data/visnyk.db
USER visnyk
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/readyz\", timeout=4)"]
# Visnyk ends at SIGTERM by itself and starts no other program, so it needs no init.
STOPSIGNAL SIGTERM
ENTRYPOINT ["visnyk"]
CMD ["run"]

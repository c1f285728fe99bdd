# One image for both centers: `cdc …` and `hdc …`. deploy/README.md says how to run it.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /src
# The pinned packages change seldom: a layer of their own. The environment that is shipped has no pip in it.
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --quiet --require-hashes -r requirements-build.lock \
    && python -m venv --without-pip /opt/center \
    && /opt/build/bin/python -m pip --python /opt/center/bin/python install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY app app
COPY migrations migrations
# The file system is read-only at run time, so bytecode is compiled here.
RUN /opt/build/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /opt/build/wheels . \
    && /opt/build/bin/python -m pip --python /opt/center/bin/python install --quiet --no-deps --no-index /opt/build/wheels/*.whl \
    && /opt/center/bin/python -m compileall -q /opt/center/lib

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Customer Data Center" \
      org.opencontainers.image.description="One identity for each customer of a group of hospitals, elder-care homes and cemeteries; with the reference Health Data Center." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
ENV PATH=/opt/center/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CDC_DATA_DIR=/data
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin center \
    && install --directory --owner=center --group=center --mode=0700 /data
COPY --from=build /opt/center /opt/center
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000 8100
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from os import environ as e; from urllib.request import urlopen as u; u(f'http://127.0.0.1:{e.get(\"CDC_PORT\", 8000)}/readyz', timeout=4)"]
CMD ["cdc", "serve", "--host", "0.0.0.0", "--workers", "2"]

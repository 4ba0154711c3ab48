# The base is a build argument: any slim Python 3.11+ image, or a local one.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY hooks hooks
COPY cards cards
COPY cds_server cds_server
COPY fhir_fixtures fhir_fixtures
RUN python3 -m venv /opt/relapse-cds \
 && /opt/relapse-cds/bin/python -m pip install --quiet -c constraints.txt ".[postgresql]" \
 && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin cds

ENV PATH=/opt/relapse-cds/bin:$PATH \
    CDS_HOST=0.0.0.0 CDS_PORT=8000 CDS_ALLOW_OPEN_NETWORK=true \
    CDS_DATABASE_URL=sqlite:////tmp/relapse-cds.db
USER 10001
EXPOSE 8000
# The root file system may be read-only; /tmp wants a tmpfs. For memory that outlives the container, point
# CDS_DATABASE_URL to a volume or to PostgreSQL.
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["python3", "-c", "import urllib.request,os;urllib.request.urlopen('http://127.0.0.1:'+os.environ['CDS_PORT']+'/health',timeout=2)"]
ENTRYPOINT ["cds-server"]
CMD ["serve"]

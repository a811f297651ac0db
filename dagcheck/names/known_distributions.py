"""Which distributions are known to hold an import package of another name?

Only those whose names differ: where none of the table's is locked, equal names count. Several stand for one package where there are
several builds of it, or where conda calls it otherwise. Keys are normalised names of distributions, values the packages in them.
"""

from __future__ import annotations

_TABLE = """
apache-hamilton sf-hamilton: hamilton
apache-airflow apache-airflow-core: airflow
apache-beam: apache_beam
apache-flink: pyflink
attrs: attr attrs
azure-identity: azure.identity
azure-storage-blob: azure.storage.blob
beautifulsoup4: bs4
biopython: Bio
category-encoders: category_encoders
dask-core: dask
db-dtypes: db_dtypes
delta-spark: delta
dnspython: dns
docker-py: docker
dvc-core: dvc
faiss-cpu faiss-gpu faiss: faiss
fastparquet: fastparquet
ffmpeg-python: ffmpeg
gdal: osgeo
gitpython: git
google-api-core: google.api_core
google-api-python-client: googleapiclient
google-auth: google.auth google.oauth2
google-cloud-aiplatform: google.cloud.aiplatform vertexai
google-cloud-bigquery: google.cloud.bigquery
google-cloud-storage: google.cloud.storage
googleapis-common-protos: google.api google.rpc google.type
great-expectations: great_expectations
grpcio: grpc
hydra-core: hydra
ibis-framework: ibis
imbalanced-learn: imblearn
jax: jax
kafka-python: kafka
lightgbm py-lightgbm: lightgbm
llama-index-core llama-index: llama_index
matplotlib matplotlib-base: matplotlib mpl_toolkits pylab
ml-dtypes: ml_dtypes
mysqlclient: MySQLdb
mysql-connector-python: mysql.connector
opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless opencv py-opencv: cv2
pillow: PIL
polars polars-lts-cpu polars-u64-idx: polars
prophet fbprophet: prophet
protobuf: google.protobuf
psycopg2 psycopg2-binary: psycopg2
psycopg psycopg-binary: psycopg
pycryptodome: Crypto
pycryptodomex: Cryptodome
pyjwt: jwt
pymupdf: fitz
pyobjc-core: objc
pyopenssl: OpenSSL
pyserial: serial
pyshp: shapefile
pyspark pyspark-client: pyspark
pysocks: socks
pytables tables: tables
python-dateutil: dateutil
python-docx: docx
python-dotenv: dotenv
python-jose: jose
python-levenshtein levenshtein: Levenshtein
python-multipart: multipart
python-pptx: pptx
pytorch torch pytorch-cpu pytorch-gpu: torch functorch torchgen
pytorch-lightning: pytorch_lightning
pywin32: win32api win32com pythoncom
pyyaml: yaml
pyzmq: zmq
scikit-image: skimage
scikit-learn: sklearn
scikit-optimize: skopt
sentence-transformers: sentence_transformers
setuptools: setuptools pkg_resources
simpleitk: SimpleITK
snowflake-connector-python: snowflake.connector
snowflake-snowpark-python: snowflake.snowpark
sqlalchemy: sqlalchemy
tensorflow tensorflow-cpu tensorflow-gpu tensorflow-macos tensorflow-intel: tensorflow
ta-lib: talib
typing-extensions: typing_extensions
umap-learn: umap
xgboost py-xgboost xgboost-cpu: xgboost
"""


def table() -> dict[str, tuple[str, ...]]:
    """From the dotted name of a package to the distributions that may hold it."""
    found: dict[str, tuple[str, ...]] = {}
    for line in _TABLE.strip().splitlines():
        distributions, _, packages = line.partition(":")
        for package in packages.split():
            found[package] = tuple(distributions.split())
    return found

"""All papers of this package."""

from tests.reader.strange import brokers, mainland
from tests.reader.strange.paper import Paper

PAPERS = [
    value
    for module in (mainland, brokers)
    for value in vars(module).values()
    if isinstance(value, Paper)
]

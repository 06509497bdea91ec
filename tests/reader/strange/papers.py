"""All papers of this package."""

from tests.reader.strange import brokers, filers, mainland, others
from tests.reader.strange.paper import Paper

PAPERS = [
    value
    for module in (mainland, brokers, filers, others)
    for value in vars(module).values()
    if isinstance(value, Paper)
]

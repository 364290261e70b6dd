import inspect
import pkgutil
from collections import Counter
from importlib import import_module

from ninja import Schema

from tongban.api.public import shapes


def test_each_shape_has_a_name_of_its_own():
    """The description knows shapes by their names alone: of two with one name it would show one in both places."""
    modules = [import_module(f"{shapes.__name__}.{found.name}") for found in pkgutil.iter_modules(shapes.__path__)]
    kinds = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    names = Counter(kind.__name__ for kind in kinds if issubclass(kind, Schema))
    assert [name for name, count in names.items() if count > 1] == []

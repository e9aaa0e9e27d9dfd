"""What the environment may hold, as JSON Schema and as .env.example."""

from typing import Any

from service.platform.env import concerns
from service.platform.fields.several import without_null


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the environment."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for concern in concerns():
        described = concern.model_json_schema()
        for field, of_field in described["properties"].items():
            of_field.pop("title", None)
            properties[field.upper()] = without_null(of_field)
        required += [field.upper() for field in described.get("required", [])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
    }


def example() -> str:
    """.env.example: every variable, with its default or an example. A copy of it changes nothing."""
    described = schema()
    text = (
        "# Development reads a copy of this file that is called .env. Remove the # where a value differs.\n"
        "# NAME_FILE instead of NAME is the path of a file that holds the value.\n"
    )
    for name, variable in described["properties"].items():
        notes = [variable["description"]]
        if "enum" in variable:
            notes.append(f"One of {', '.join(variable['enum'])}.")
        if name in described["required"]:
            notes.append("Required.")
        if variable.get("secret"):
            notes.append("Secret.")
        text += f"\n# {' '.join(notes)}\n#{name}={variable.get('default', variable.get('examples', [''])[0])}\n"
    return text


def examples() -> dict[str, str]:
    """Values of the variables that are required: those of a machine for development."""
    described = schema()
    return {name: described["properties"][name]["examples"][0] for name in described["required"]}

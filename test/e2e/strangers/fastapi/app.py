from fastapi import FastAPI
from pydantic import BaseModel


class Note(BaseModel):
    text: str


app = FastAPI()
notes: list[dict] = []


@app.get("/")
def index():
    return {"hello": "world"}


@app.get("/notes")
def read_notes():
    return notes


@app.post("/notes", status_code=201)
def add_note(note: Note):
    notes.append({"id": len(notes) + 1, "text": note.text})
    return notes[-1]

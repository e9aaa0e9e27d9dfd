from flask import Flask, jsonify, request

app = Flask(__name__)
notes = []


@app.get("/")
def index():
    return jsonify(hello="world")


@app.get("/notes")
def read_notes():
    return jsonify(notes)


@app.post("/notes")
def add_note():
    note = {"id": len(notes) + 1, "text": request.get_json().get("text")}
    notes.append(note)
    return jsonify(note), 201

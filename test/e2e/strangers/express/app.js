import express from 'express';

const app = express();
const notes = [];

app.use(express.json());
app.get('/', (_request, response) => response.json({ hello: 'world' }));
app.get('/notes', (_request, response) => response.json(notes));
app.post('/notes', (request, response) => {
  const note = { id: notes.length + 1, text: request.body?.text };
  notes.push(note);
  response.status(201).json(note);
});

const port = process.env.PORT || 3000;
app.listen(port, () => console.log(`listening on ${port}`));

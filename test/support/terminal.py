"""Runs a program on a pseudo-terminal of its own, as a person would see it.

argv[1] is JSON: {"command": [...], "cwd": "...", "env": {...}, "steps": [{"see": "text", "type": "keys"} | {"see": "text", "signal": 2}]}
stdin and stderr are the terminal; stdout is a pipe. Prints JSON: {"code", "signal", "screen", "stdout"}.
"""
import json, os, pty, select, signal, subprocess, sys, time, fcntl, termios

task = json.loads(sys.argv[1])
main, side = pty.openpty()

def own_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

child = subprocess.Popen(task["command"], cwd=task["cwd"], env=task["env"], stdin=side, stdout=subprocess.PIPE,
                         stderr=side, preexec_fn=own_terminal)
os.close(side)
screen, stdout, seen, steps = b"", b"", 0, list(task["steps"])
deadline = time.time() + 45
streams = {main, child.stdout.fileno()}
while streams and time.time() < deadline:
    ready, _, _ = select.select(list(streams), [], [], 0.1)
    for stream in ready:
        try:
            data = os.read(stream, 65536)
        except OSError:
            data = b""  # The terminal hung up: every process on it is gone.
        if not data:
            streams.discard(stream)
        elif stream == main:
            screen += data
        else:
            stdout += data
    while steps and steps[0]["see"].encode() in screen[seen:]:
        step = steps.pop(0)
        seen = len(screen)
        time.sleep(0.05)
        if "signal" in step:
            os.kill(child.pid, step["signal"])
        else:
            os.write(main, step["type"].encode())
    if child.poll() is not None and not ready:
        break
timed_out = False
try:
    code = child.wait(timeout=max(1, deadline - time.time()))
except subprocess.TimeoutExpired:
    timed_out = True
    child.kill()
    code = child.wait()
print(json.dumps({
    "code": code if code >= 0 else None, "signal": -code if code < 0 else None, "timedOut": timed_out,
    "unseen": [step["see"] for step in steps], "screen": screen.decode("utf8", "replace"), "stdout": stdout.decode("utf8", "replace"),
}))

/**
 * A program in Python that makes `.venv` as `make install` does, and reads nothing of the service but its lockfiles: whatever another
 * file of it says is not run. Any Python 3 can run it: a new enough one is looked for.
 */
export const MAKE_ENVIRONMENT = `
import os, shutil, subprocess, sys, sysconfig
def run(*command):
    done = subprocess.run(command)
    if done.returncode: sys.exit(done.returncode)
locks = ["requirements.txt", "requirements-dev.txt"]
local = "requirements-local.txt"
if os.path.exists(local) and not os.environ.get("DATABASE_URL") and "musl" not in str(sysconfig.get_config_var("SOABI")):
    locks.append(local)
python = os.path.join(".venv", "Scripts" if os.name == "nt" else "bin", "python")
uv = shutil.which("uv")
if uv:
    run(uv, "venv", "--quiet", "--allow-existing", ".venv")
    run(uv, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", "--no-build", *locks)
else:
    is_new = ["-c", "import sys; sys.exit(sys.version_info < (3, 13))"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # pyenv has a command also for a version that was not chosen, and it fails.
    named = [shutil.which(one) for one in (sys.executable, "python3.14", "python3.13")]
    found = [one for one in named if one and subprocess.run([one, *is_new], **quiet).returncode == 0]
    if not found: sys.exit("Python 3.13 or newer is needed, or uv")
    run(found[0], "-m", "venv", ".venv")
    run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:", *["--requirement=" + lock for lock in locks])
packages = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True).stdout.strip()
with open(os.path.join(packages, "service.pth"), "w") as file:
    file.write(os.path.relpath("src", packages).replace(os.sep, "/") + "\\n")
open(os.path.join(".venv", "installed"), "w").close()
`.trim();

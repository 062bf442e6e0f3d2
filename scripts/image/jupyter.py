"""JupyterLab in the stack: the token is the secret's."""

import os

# c is what Jupyter passes to a file of configuration.
with open(os.environ.get("SECRETS", "/run/secrets") + "/notebook_token",
          encoding="utf-8") as secret:
    c.IdentityProvider.token = secret.read().strip()  # noqa: F821
c.ServerApp.ip = "0.0.0.0"  # noqa: F821
c.ServerApp.port = 8888  # noqa: F821
c.ServerApp.port_retries = 0  # noqa: F821
c.ServerApp.root_dir = "/var/lib/spot/work"  # noqa: F821

"""pgAdmin in the stack: a server for several users, its state in a volume."""

DATA_DIR = "/var/lib/pgadmin"
SERVER_MODE = True
LOG_FILE = "/dev/null"
CONSOLE_LOG_LEVEL = 30
UPGRADE_CHECK_ENABLED = False
MASTER_PASSWORD_REQUIRED = False
ALLOW_SAVE_PASSWORD = False
ENHANCED_COOKIE_PROTECTION = True
SHOW_GRAVATAR_IMAGE = False

"""Hashed static files whose JavaScript module imports are rewritten to the hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import ... from "./x.js";` (with its semicolon), `export ... from`, and `import("./x.js")`.

    Paths are relative to the importing file, and may lead into another app: from `arena/main.js`,
    `"../js/palette.js"` is `js/palette.js`.
    """

    support_js_module_import_aggregation = True
    # One pass resolves one level of imports; Django's 5 is a chain that a module can outgrow.
    max_post_process_passes = 20

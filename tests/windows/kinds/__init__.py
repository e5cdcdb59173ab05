"""What layouts are made of. Each function changes one thing; a layout is one shape and some changes."""

from kinds import base, call, cfg, launch, registry, shapes, site, under_pth, variables
from kinds.launch import PROBE
from layout import Layout

__all__ = ["PROBE", "draw"]

SHAPES = [
    (shapes.installation, 10),
    (shapes.environment, 34),
    (shapes.spelled_environment, 6),
    (shapes.copied_program, 8),
    (shapes.nested_environment, 4),
    (shapes.own_installation, 8),
    (shapes.environment_of_own, 8),
    (shapes.embeddable, 8),
]

# In the order in which they are made: what changes the base comes first, and what is run last.
CHANGES = [
    (registry.registry_without_library, 2),
    (under_pth.under_pth, 7),
    (base.damaged_base, 8),
    (base.base_packages, 3),
    (site.pth_files, 14),
    (site.customize, 3),
    (variables.user_site, 5),
    (cfg.cfg_place, 7),
    (cfg.cfg_true, 4),
    (cfg.cfg_system_site, 6),
    (cfg.cfg_home, 18),
    (cfg.cfg_home_line, 10),
    (cfg.cfg_bytes, 8),
    (registry.registry, 9),
    (variables.flags, 9),
    (variables.python_path, 9),
    (variables.python_home, 12),
    (variables.launcher_variable, 4),
    (variables.user_variables, 6),
    (variables.other_variables, 4),
    (call.window_program, 2),
    (call.cwd, 5),
    (call.typed, 18),
    (call.typed_beside, 4),
    (call.on_path, 5),
    (launch.launch, 14),
    (launch.run_here, 3),
]


# What one layout in sixteen has beside its changes.
EXTRAS = {3: launch.failing, 7: variables.utf8_mode}


def weighted(rng, table):
    functions, weights = zip(*table)
    return rng.choices(functions, weights)[0]


def draw(rng, release, number):
    """A layout: a shape and up to three changes."""
    layout = Layout(rng, release, number)
    shape = weighted(rng, SHAPES)
    shape(layout)
    layout.kinds.insert(0, shape.__name__)
    changes = {weighted(rng, CHANGES) for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 3]))}
    for change, _ in CHANGES:
        if change in changes:
            layout.kinds.append(change.__name__)
            change(layout)
    layout.reports_file = rng.random() < 0.5
    extra = EXTRAS.get(number % 16)
    if extra:
        layout.kinds.append(extra.__name__)
        extra(layout)
    layout.directories.append(layout.dir + "\\sub")
    return layout

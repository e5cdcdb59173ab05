//! The creators that manage the directories of their environments themselves, and recreate them.

use super::line;
use crate::environment::{Creator, Survey};
use crate::rules::fix::Fix;
use crate::rules::shell::Line;

/// How such a creator recreates an environment; none where another one made it.
pub(super) fn by_manager(survey: &Survey<'_>) -> Option<Fix> {
    let fix = |advice: &str, line: Line| Some(Fix::advice(advice).command(line));
    match survey.creator() {
        Creator::UvTool(name) => {
            fix("let uv reinstall the tool", line(survey, "uv").words(["tool", "install", "--force"]).word(name))
        }
        Creator::Pipx(name) => {
            fix("let pipx reinstall the application", line(survey, "pipx").word("reinstall").word(name))
        }
        Creator::Pdm => {
            Some(Fix::advice("let PDM recreate its environment, in the directory of the project: pdm venv create"))
        }
        Creator::Hatch => Some(Fix::advice(
            "let Hatch recreate its environment, in the directory of the project: hatch env remove NAME, hatch env create NAME",
        )),
        Creator::Pipenv => {
            let remove = line(survey, "pipenv").word("--rm");
            fix("let Pipenv recreate its environment, in the directory of the project", remove)
                .map(|fix| fix.command(line(survey, "pipenv").word("sync")))
        }
        Creator::Tox => fix(
            "let tox recreate its environment, in the directory of the project",
            line(survey, "tox").words(["-r", "-e"]).word(survey.base_name(survey.root())),
        ),
        Creator::PreCommit => {
            let clean = line(survey, "pre-commit").word("clean");
            fix("let pre-commit recreate its environments", clean)
                .map(|fix| fix.command(line(survey, "pre-commit").words(["install", "--install-hooks"])))
        }
        Creator::PipxShared => {
            fix("let pipx recreate what its applications share", line(survey, "pipx").word("upgrade-shared"))
        }
        Creator::Rye => fix(
            "let Rye recreate its environment, in the directory of the project",
            line(survey, "rye").words(["sync", "-f"]),
        ),
        Creator::Pixi => fix(
            "let pixi recreate its environment, in the directory of the project",
            line(survey, "pixi").word("reinstall"),
        ),
        Creator::Conda => Some(Fix::advice("recreate the environment with conda, from its exported list of packages")),
        _ => None,
    }
}

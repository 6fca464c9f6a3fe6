//! The progress bar: on the error output, and only if that is a terminal.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;
use crate::measure::{Progress, Stage};
use crate::say;

/// One bar for the whole run.
pub(super) struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    /// A new bar; without a terminal one line says how long it will take.
    pub(super) fn new(total: Duration, lang: Lang) -> Self {
        let terminal = std::io::stderr().is_terminal();
        if !terminal {
            let seconds = total.as_secs();
            match lang {
                Lang::En => say::error(format_args!("Measuring, {seconds} s at most …")),
                Lang::Fr => say::error(format_args!("Mesure en cours, {seconds} s au plus …")),
            }
        }
        let target =
            if terminal { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(1), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
            bar.set_style(style);
        }
        Self { bar, lang }
    }

    /// Shows where the run is, and how much time is left.
    pub(super) fn show(&self, progress: &Progress) {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.bar.set_length(ms(progress.elapsed).saturating_add(ms(progress.left)).max(1));
        self.bar.set_position(ms(progress.elapsed));
        self.bar.set_message(message(progress, self.lang));
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn message(progress: &Progress, lang: Lang) -> String {
    let stage = match progress.stage {
        Stage::Gate => lang.pick("waiting for a quiet machine", "attente d’une machine au repos"),
        Stage::Component(component) => lang.component(component),
        Stage::Finished => lang.pick("done", "terminé"),
    };
    let left = progress.left.as_secs_f64().ceil();
    let left = match lang {
        Lang::En => format!("{left} s left"),
        Lang::Fr => format!("encore {left} s"),
    };
    let mut text = format!("{left} · {stage}");
    if !progress.test.is_empty() {
        text.push_str(" · ");
        // With the bar in front this fits a line of 80 characters.
        text.extend(progress.test.chars().take(24));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_says_what_is_measured_and_how_much_time_is_left() {
        let progress = Progress {
            stage: Stage::Component(report::Component::Disk),
            test: "random reads".to_owned(),
            elapsed: Duration::from_secs(3),
            left: Duration::from_millis(11_200),
        };
        assert_eq!(message(&progress, Lang::En), "12 s left · Disk · random reads");
        assert_eq!(message(&progress, Lang::Fr), "encore 12 s · Disque · random reads");
    }
}

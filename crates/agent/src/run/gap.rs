//! Why a component was not measured, as it stands in `missing[]` and as people read it.

use report::Component;
use report::missing::Missing;

use crate::lang::Lang;
use crate::plan::Plan;

/// The components that the plan leaves out, for `missing[]`.
pub(super) fn left_out(plan: &Plan) -> Vec<Missing> {
    let absent = Component::ALL.into_iter().filter(|component| !plan.components.contains(component));
    absent
        .map(|component| {
            let (reason, advice) = match component {
                _ if plan.inventory_only => ("inventory_only", "run without --inventory to measure"),
                Component::Gpu => ("not_supported", "graphics are measured by a later version of the agent"),
                _ => ("skipped", "run without the option that skips it"),
            };
            Missing::new(&path(component), reason, Some(advice))
        })
        .collect()
}

/// The path under which a component stands in `missing[]`.
pub(super) fn path(component: Component) -> String {
    format!("results.{component}")
}

/// A reason code in words.
pub(super) fn words(reason: &str, lang: Lang) -> String {
    let french = match reason {
        "skipped" => "non demandé",
        "inventory_only" => "relevé matériel seul",
        "not_supported" => "pas encore pris en charge",
        "no_server" => "aucun serveur",
        "no_time" => "pas assez de temps",
        "crashed" => "test interrompu",
        "timed_out" => "délai dépassé",
        "needs_root" => "réservé à root",
        "not_present" => "absent",
        "not_writable" => "dossier non accessible en écriture",
        "no_space" => "pas assez d’espace",
        "io_error" => "erreur d’entrée-sortie",
        "server_busy" => "serveur occupé",
        "server_error" => "erreur du serveur",
        "unreachable" => "serveur injoignable",
        "not_permitted" => "jeton refusé",
        _ => "",
    };
    match lang {
        Lang::Fr if !french.is_empty() => french.to_owned(),
        _ => reason.replace('_', " "),
    }
}

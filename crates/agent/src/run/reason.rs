//! The reasons of a verdict in a few words.

use report::verdict::{ReasonCode, Verdict};

use crate::lang::Lang;

/// A reason in words.
pub(super) fn words(code: ReasonCode, lang: Lang) -> String {
    match lang {
        Lang::En => code.as_str().replace('_', " "),
        Lang::Fr => french(code).to_owned(),
    }
}

/// A verdict in words.
pub(super) fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Valid => lang.pick("valid", "valide"),
        Verdict::Suspect => lang.pick("suspect", "douteux"),
        Verdict::Invalid => lang.pick("invalid", "invalide"),
    }
}

fn french(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::GovernorPowersave => "gouverneur powersave",
        ReasonCode::BackgroundTasks => "tâches de fond",
        ReasonCode::StealMinor => "un peu de temps pris par l’hyperviseur",
        ReasonCode::Compressed => "système de fichiers compressé",
        ReasonCode::Encrypted => "chiffré",
        ReasonCode::Overlay => "système de fichiers superposé",
        ReasonCode::NetworkFilesystem => "système de fichiers réseau",
        ReasonCode::SpaceShort => "peu de place",
        ReasonCode::ClockCorrected => "horloge corrigée",
        ReasonCode::SameHost => "même hôte que le serveur",
        ReasonCode::SoftwareRasteriser => "rendu logiciel",
        ReasonCode::Busy => "machine occupée",
        ReasonCode::Throttled => "fréquence bridée",
        ReasonCode::UnderVoltage => "tension trop basse",
        ReasonCode::Steal => "temps pris par l’hyperviseur",
        ReasonCode::Swapped => "échanges avec le disque (swap)",
        ReasonCode::OnBattery => "sur batterie",
        ReasonCode::Powersave => "gouverneur powersave",
        ReasonCode::CpuQuota => "quota de processeur",
        ReasonCode::FewSamples => "trop peu d’échantillons",
        ReasonCode::Noisy => "échantillons dispersés",
        ReasonCode::CacheSized => "tient dans le cache",
        ReasonCode::DirectIoRefused => "accès direct refusé",
        ReasonCode::CachedReads => "lectures depuis la mémoire",
        ReasonCode::ServerBusy => "serveur occupé",
        ReasonCode::Other => "autre motif",
        ReasonCode::Implausible => "invraisemblable",
        ReasonCode::WrongResult => "résultat faux",
        ReasonCode::ClockMoved => "horloge déplacée",
        ReasonCode::CoreLost => "cœur perdu",
        ReasonCode::Tmpfs => "système de fichiers en mémoire",
        ReasonCode::TimedOut => "délai dépassé",
        ReasonCode::Crashed => "test interrompu",
    }
}

//! What counts of a device: what people typed, else what reports say; and what lists find and sort it by.

use report::DeviceKind;

use super::fold::fold;
use super::submission::Reported;
use super::typed::{Status, Typed};

/// Everything that lists show, find or sort a device by, besides how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it is called.
    pub name: String,
    /// The same folded, to sort by.
    pub name_key: String,
    /// What sort of machine it is.
    pub kind: DeviceKind,
    /// What it is used for.
    pub status: Status,
    /// Where it stands; empty where nobody said.
    pub location: String,
    /// Its model; empty where that is not known.
    pub model: String,
    /// What devices of its hardware model share; empty where that is not known.
    pub model_key: String,
    /// The device that somebody typed it runs on.
    pub typed_hosted_on: Option<i64>,
    /// Tags, each folded and as it was typed.
    pub tags: Vec<(String, String)>,
    /// Everything that a search looks into, folded: one line for each field.
    pub search_text: String,
}

impl Shown {
    /// What counts of a device that bears this `device_identifier`; `kind` is the reported one.
    pub fn of(device_identifier: &str, kind: DeviceKind, reported: &Reported, typed: &Typed) -> Self {
        let text = |line: Option<&str>| line.unwrap_or_default().to_owned();
        let name = typed.name.as_deref().unwrap_or(device_identifier);
        let model = typed.model.as_deref().or(reported.model.as_deref());
        let tags = typed.tags.iter().flat_map(|tags| tags.iter());
        Self {
            name: name.to_owned(),
            name_key: fold(name),
            kind: typed.kind.unwrap_or(kind),
            status: typed.status.unwrap_or_default(),
            location: text(typed.location.as_deref()),
            model: text(model),
            model_key: model_key(reported, typed),
            typed_hosted_on: typed.hosted_on.map(super::typed::Id::get),
            tags: tags.map(|tag| (fold(tag), tag.to_owned())).collect(),
            search_text: search_text(device_identifier, reported, typed),
        }
    }
}

/// A model that somebody typed, with its maker; else what the newest report says.
pub fn model_key(reported: &Reported, typed: &Typed) -> String {
    let Some(model) = typed.model.as_deref().map(fold) else {
        return reported.hardware_model.as_deref().map(fold).unwrap_or_default();
    };
    let maker = typed.manufacturer.as_deref().map(fold).filter(|maker| !model.starts_with(maker.as_str()));
    maker.map_or_else(|| model.clone(), |maker| format!("{maker} {model}"))
}

fn search_text(device_identifier: &str, reported: &Reported, typed: &Typed) -> String {
    let Reported { hostname, fqdn, model, hardware_model: _ } = reported;
    let lines = [
        typed.name.as_deref(),
        Some(device_identifier),
        typed.description.as_deref(),
        typed.model.as_deref(),
        typed.manufacturer.as_deref(),
        typed.location.as_deref(),
        typed.asset_tag.as_deref(),
        typed.serial.as_deref(),
        typed.external_id.as_deref(),
        hostname.as_deref(),
        fqdn.as_deref(),
        model.as_deref(),
    ];
    let tags = typed.tags.iter().flat_map(|tags| tags.iter());
    let mut folded: Vec<String> = Vec::new();
    for line in lines.into_iter().flatten().chain(tags).map(fold) {
        if !line.is_empty() && !folded.contains(&line) {
            folded.push(line);
        }
    }
    folded.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reported() -> Reported {
        Reported {
            hostname: Some("nas".to_owned()),
            fqdn: Some("nas.lan".to_owned()),
            model: Some("Dell XPS".to_owned()),
            hardware_model: Some("Dell XPS".to_owned()),
        }
    }

    #[test]
    fn without_a_word_of_people_reports_count() {
        let shown = Shown::of("NAS", DeviceKind::Vm, &reported(), &Typed::default());
        assert_eq!(
            (shown.name.as_str(), shown.name_key.as_str(), shown.kind),
            ("NAS", "nas", DeviceKind::Vm)
        );
        assert_eq!((shown.model.as_str(), shown.model_key.as_str()), ("Dell XPS", "dell xps"));
        assert_eq!(shown.search_text, "nas\nnas.lan\ndell xps");
        assert_eq!((shown.status, shown.typed_hosted_on), (Status::InUse, None));
    }

    #[test]
    fn what_people_typed_comes_first_and_both_are_found() {
        let typed = json!({"name": "Büro", "kind": "bare_metal", "model": "XPS 13", "manufacturer": "Dell", "status": "spare",
                           "hosted_on": 7, "tags": ["Été"], "notes": "not looked into"});
        let typed: Typed = serde_json::from_value(typed).unwrap();
        let shown = Shown::of("nas", DeviceKind::Vm, &reported(), &typed);
        assert_eq!((shown.name_key.as_str(), shown.kind), ("buro", DeviceKind::BareMetal));
        assert_eq!((shown.model.as_str(), shown.model_key.as_str()), ("XPS 13", "dell xps 13"));
        assert_eq!((shown.status, shown.typed_hosted_on), (Status::Spare, Some(7)));
        assert_eq!(shown.tags, [("ete".to_owned(), "Été".to_owned())]);
        assert_eq!(shown.search_text, "buro\nnas\nxps 13\ndell\nnas.lan\ndell xps\nete");
    }
}

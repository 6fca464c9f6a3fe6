//! Makers of drives, by how their models begin.

const PREFIXES: &[(&str, &str)] = &[
    ("samsung", "Samsung"),
    ("mz", "Samsung"),
    ("wdc", "Western Digital"),
    ("wd", "Western Digital"),
    ("hgst", "HGST"),
    ("huh", "HGST"),
    ("hitachi", "Hitachi"),
    ("toshiba", "Toshiba"),
    ("kioxia", "Kioxia"),
    ("kxg", "Kioxia"),
    ("seagate", "Seagate"),
    ("maxtor", "Maxtor"),
    ("intel", "Intel"),
    ("ssdpe", "Intel"),
    ("ssdsc", "Intel"),
    ("solidigm", "Solidigm"),
    ("crucial", "Crucial"),
    ("micron", "Micron"),
    ("mtfd", "Micron"),
    ("kingston", "Kingston"),
    ("sandisk", "SanDisk"),
    ("adata", "ADATA"),
    ("corsair", "Corsair"),
    ("force", "Corsair"),
    ("sk hynix", "SK hynix"),
    ("hfs", "SK hynix"),
    ("hfm", "SK hynix"),
    ("skhynix", "SK hynix"),
    ("pny", "PNY"),
    ("patriot", "Patriot"),
    ("plextor", "Plextor"),
    ("lexar", "Lexar"),
    ("sabrent", "Sabrent"),
    ("transcend", "Transcend"),
    ("spcc", "Silicon Power"),
    ("ocz", "OCZ"),
    ("apple", "Apple"),
    ("liteon", "Lite-On"),
    ("gigabyte", "Gigabyte"),
    ("netac", "Netac"),
    ("foresee", "Foresee"),
    ("umis", "Union Memory"),
    ("ymtc", "YMTC"),
    ("fujitsu", "Fujitsu"),
    ("qemu", "QEMU"),
    ("vmware", "VMware"),
    ("amazon", "Amazon"),
];

/// The maker of a model; Seagate and Crucial begin theirs with two letters and a number.
pub(super) fn of_model(model: &str) -> Option<&'static str> {
    let lower = model.to_lowercase();
    let numbered = |prefix: &str| {
        lower.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    if numbered("st") {
        return Some("Seagate");
    }
    if numbered("ct") {
        return Some("Crucial");
    }
    PREFIXES.iter().find(|(prefix, _)| lower.starts_with(prefix)).map(|(_, maker)| *maker)
}

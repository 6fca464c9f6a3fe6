//! The table that decides whose report this is.

use std::collections::BTreeSet;

use super::claim::Claim;
use super::keys::KeyKind;
use crate::kind::DeviceKind;

/// A device that the report may belong to. The table must be given **every** device that shares a key with the
/// claim, and every device whose `device_identifier` is the claim's name or the name with a numeric suffix
/// (`nas`, `nas-2`, `nas-3` …): it makes new names unique against these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub device_id: i64,
    /// Its `device_identifier`.
    pub name: String,
    /// A person gave that name (`--device`).
    pub name_explicit: bool,
    /// What sort of machine it is, by its newest report.
    pub kind: DeviceKind,
    /// Every key that was ever linked to it.
    pub keys: BTreeSet<(KeyKind, String)>,
}

/// Whose report it is. The keys of the claim are then linked to that device, added to those it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A device that is known.
    Existing {
        /// Which.
        device_id: i64,
        /// What to tell a person.
        hints: Vec<Hint>,
    },
    /// A new device.
    New {
        /// Its `device_identifier`: the claim's name, or that with the first free suffix.
        name: String,
        /// What to tell a person.
        hints: Vec<Hint>,
    },
}

/// Something to tell a person about a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Another logical device stands for the same hardware.
    SameHardwareAs(i64),
    /// The mainboard was replaced.
    BoardChanged,
    /// A clone of this virtual machine, or a board booted from the same image.
    CopyOf(i64),
    /// This device has the same name, but other keys: merge them if they are one machine.
    MergeWith(i64),
    /// The report's keys also belong to these devices.
    KeysPointTo(Vec<i64>),
}

/// Decides, by the table of cases in `tests/report/identity.rs`.
pub fn decide(claim: &Claim, candidates: &[Candidate]) -> Decision {
    let mut known: Vec<&Candidate> = candidates.iter().collect();
    known.sort_unstable_by_key(|candidate| candidate.device_id);
    let related: Vec<(&Candidate, Relation)> =
        known.iter().map(|candidate| (*candidate, relation(claim, candidate))).collect();
    let same: Vec<&Candidate> = related.iter().filter(|(_, r)| r.is_same()).map(|(c, _)| *c).collect();
    let called = Called { claim, taken: related.iter().any(|(c, r)| c.name == claim.name && !r.is_same()) };
    match Chosen::among(&called, &same) {
        Some(chosen) => by_keys(&called, candidates, chosen, &related),
        None => by_name(claim, candidates, &related),
    }
}

/// What the keys say of a claim and a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// One machine.
    Same,
    /// One machine with another mainboard.
    SameBoardChanged,
    /// Two machines, one copied from the other.
    Copy,
    /// Two machines.
    Different,
    /// No key is known of both.
    Unknown,
}

impl Relation {
    fn is_same(self) -> bool {
        matches!(self, Self::Same | Self::SameBoardChanged)
    }
}

fn relation(claim: &Claim, candidate: &Candidate) -> Relation {
    let keys = Compared::of(claim, candidate);
    if !keys.any_agree() {
        return if keys.any_differ() { Relation::Different } else { Relation::Unknown };
    }
    if claim.kind == DeviceKind::Vm {
        virtual_machine(claim, candidate, &keys)
    } else {
        bare_metal(claim, candidate, &keys)
    }
}

/// The hypervisor gives each guest its UUID; all else may be copied with the disk.
fn virtual_machine(claim: &Claim, candidate: &Candidate, keys: &Compared) -> Relation {
    if keys.differ(KeyKind::SmbiosUuid) {
        return Relation::Copy;
    }
    if keys.agree(KeyKind::SmbiosUuid) || !one_image(claim, candidate, keys) {
        return Relation::Same;
    }
    Relation::Copy
}

fn bare_metal(claim: &Claim, candidate: &Candidate, keys: &Compared) -> Relation {
    let board_agrees = BOARD.iter().any(|kind| keys.agree(*kind));
    let board_differs = BOARD.iter().any(|kind| keys.differ(*kind));
    if keys.agree(KeyKind::MachineId) {
        return match (board_agrees, board_differs) {
            (false, _) if one_image(claim, candidate, keys) => Relation::Copy,
            (true, _) if !keys.differ(KeyKind::BoardSerial) => Relation::Same,
            (_, true) => Relation::SameBoardChanged,
            _ => Relation::Same,
        };
    }
    // From here on the system does not vouch for it: another one is installed, or it is unknown.
    if !board_agrees {
        // An adapter alone: it may have moved to another machine.
        return if board_differs { Relation::Different } else { Relation::Same };
    }
    let strongest_differs =
        BOARD.iter().find(|kind| keys.compared(**kind)).is_some_and(|kind| keys.differ(*kind));
    let machine_differs = keys.differ(KeyKind::MachineId) || keys.differ(KeyKind::SmbiosUuid);
    // Servers in one chassis share its serial number, and some makers give every board the same one.
    let shared_number = !keys.agree(KeyKind::Mac)
        && (strongest_differs || (board_differs && keys.differ(KeyKind::MachineId)))
        && machine_differs;
    if shared_number { Relation::Different } else { Relation::Same }
}

/// The keys of the mainboard and its case, strongest first.
const BOARD: [KeyKind; 3] = [KeyKind::BoardSerial, KeyKind::ChassisSerial, KeyKind::SmbiosUuid];

/// Two machines that were booted from one image: only the machine-id is equal.
fn one_image(claim: &Claim, candidate: &Candidate, keys: &Compared) -> bool {
    keys.agree(KeyKind::MachineId) && keys.differ(KeyKind::Mac) && claim.name != candidate.name
}

/// Kind by kind, whether a claim and a device agree; indexed by the order of [`KeyKind::ALL`].
struct Compared([Option<bool>; 5]);

impl Compared {
    fn of(claim: &Claim, candidate: &Candidate) -> Self {
        Self(KeyKind::ALL.map(|kind| agreement(&claim.keys, &candidate.keys, kind)))
    }

    fn compared(&self, kind: KeyKind) -> bool {
        self.0[kind as usize].is_some()
    }

    fn agree(&self, kind: KeyKind) -> bool {
        self.0[kind as usize] == Some(true)
    }

    fn differ(&self, kind: KeyKind) -> bool {
        self.0[kind as usize] == Some(false)
    }

    fn any_agree(&self) -> bool {
        self.0.contains(&Some(true))
    }

    fn any_differ(&self) -> bool {
        self.0.contains(&Some(false))
    }
}

type Keys = BTreeSet<(KeyKind, String)>;

/// Equal if one key of the kind is common; `None` unless both have one.
fn agreement(a: &Keys, b: &Keys, kind: KeyKind) -> Option<bool> {
    let of = |keys: &Keys| keys.iter().filter(|(k, _)| *k == kind).cloned().collect::<BTreeSet<_>>();
    let (a, b) = (of(a), of(b));
    (!a.is_empty() && !b.is_empty()).then(|| !a.is_disjoint(&b))
}

/// Which devices bear the name of the claim.
struct Called<'a> {
    claim: &'a Claim,
    /// Another machine has that very name.
    taken: bool,
}

impl Called<'_> {
    /// True if the device has that name; or that with a number, which it was given because the name was taken.
    fn is(&self, candidate: &Candidate) -> bool {
        candidate.name == self.claim.name || self.taken && is_numbered(&candidate.name, &self.claim.name)
    }
}

/// The device that the keys point to, and others that they point to as well.
struct Chosen<'a> {
    device: &'a Candidate,
    /// Logical devices on the same hardware.
    peers: Vec<&'a Candidate>,
    /// Other machines.
    others: Vec<&'a Candidate>,
}

impl<'a> Chosen<'a> {
    /// The strongest key decides on the machine, unless a person named one of them; then the name, for clones of
    /// which a run without root sees only what they share. Where several logical devices stand for that machine,
    /// the name decides, then one that no person named, then the oldest.
    fn among(called: &Called<'_>, same: &[&'a Candidate]) -> Option<Self> {
        let Called { claim, .. } = called;
        let strongest = *same.iter().min_by_key(|c| {
            let by_person = claim.name_explicit && called.is(c);
            (!by_person, strongest_common(claim, c), !called.is(c), c.device_id)
        })?;
        let one_machine = |c: &&'a Candidate| !contradict(&strongest.keys, &c.keys);
        let (peers, others): (Vec<&Candidate>, Vec<&Candidate>) = same.iter().copied().partition(one_machine);
        let device = *peers.iter().min_by_key(|c| (!called.is(c), c.name_explicit, c.device_id))?;
        let peers = peers.into_iter().filter(|c| c.device_id != device.device_id).collect();
        Some(Self { device, peers, others })
    }
}

fn strongest_common(claim: &Claim, candidate: &Candidate) -> Option<KeyKind> {
    claim.keys.intersection(&candidate.keys).map(|(kind, _)| *kind).min()
}

fn contradict(a: &Keys, b: &Keys) -> bool {
    KeyKind::ALL.into_iter().any(|kind| agreement(a, b, kind) == Some(false))
}

fn by_keys(
    called: &Called<'_>,
    candidates: &[Candidate],
    chosen: Chosen<'_>,
    related: &[(&Candidate, Relation)],
) -> Decision {
    let mut hints: Vec<Hint> = chosen.peers.iter().map(|c| Hint::SameHardwareAs(c.device_id)).collect();
    if !chosen.others.is_empty() {
        hints.push(Hint::KeysPointTo(chosen.others.iter().map(|c| c.device_id).collect()));
    }
    let Called { claim, .. } = called;
    if claim.name_explicit && !called.is(chosen.device) {
        // A name that a person gives is another logical device, unless that device is known by name alone.
        hints.insert(0, Hint::SameHardwareAs(chosen.device.device_id));
        return match by_name(claim, candidates, related) {
            Decision::Existing { device_id, hints: mut more } => {
                hints.append(&mut more);
                Decision::Existing { device_id, hints }
            }
            Decision::New { name, hints: mut more } => {
                hints.append(&mut more);
                Decision::New { name, hints }
            }
        };
    }
    let changed = |(c, r): &(&Candidate, Relation)| {
        c.device_id == chosen.device.device_id && *r == Relation::SameBoardChanged
    };
    if related.iter().any(changed) {
        hints.push(Hint::BoardChanged);
    }
    Decision::Existing { device_id: chosen.device.device_id, hints }
}

/// No key decides, or none may: the name does.
fn by_name(claim: &Claim, candidates: &[Candidate], related: &[(&Candidate, Relation)]) -> Decision {
    let container = |kind: DeviceKind| kind == DeviceKind::Container;
    // A container under its host's name is not its host. Having no keys, it must be found again by the name
    // that it was given instead.
    let open = |(candidate, relation): &&(&Candidate, Relation)| {
        *relation == Relation::Unknown && container(candidate.kind) == container(claim.kind)
    };
    let exact = related.iter().filter(open).find(|(candidate, _)| candidate.name == claim.name);
    let numbered = || {
        let occupied = related.iter().any(|(candidate, _)| candidate.name == claim.name);
        let mut own = related.iter().filter(open).filter(|_| occupied && container(claim.kind));
        own.find(|(candidate, _)| is_numbered(&candidate.name, &claim.name))
    };
    if let Some((candidate, _)) = exact.or_else(numbered) {
        return Decision::Existing { device_id: candidate.device_id, hints: Vec::new() };
    }
    let mut hints: Vec<Hint> = Vec::new();
    for (candidate, relation) in related {
        match relation {
            Relation::Copy => hints.push(Hint::CopyOf(candidate.device_id)),
            _ if candidate.name == claim.name && container(candidate.kind) == container(claim.kind) => {
                hints.push(Hint::MergeWith(candidate.device_id));
            }
            _ => {}
        }
    }
    Decision::New { name: unique(&claim.name, candidates), hints }
}

/// `nas-2` is `nas` with a number; see [`unique`].
fn is_numbered(name: &str, base: &str) -> bool {
    let Some((stem, digits)) = name.rsplit_once('-') else { return false };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let room = MAX_NAME.saturating_sub(digits.len() + 1);
    is_number && base.chars().take(room).eq(stem.chars())
}

/// Longest `device_identifier`, in characters.
const MAX_NAME: usize = 255;

/// The name, or the name with the first suffix from `-2` on that no candidate has.
fn unique(name: &str, candidates: &[Candidate]) -> String {
    let taken: BTreeSet<&str> = candidates.iter().map(|candidate| candidate.name.as_str()).collect();
    let numbered = (2_u64..).map(|number| {
        let suffix = format!("-{number}");
        let base: String = name.chars().take(MAX_NAME - suffix.len()).collect();
        format!("{base}{suffix}")
    });
    let mut names = std::iter::once(name.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name.as_str())).unwrap_or_else(|| name.to_owned())
}

//! Every reason for a verdict: its grade, where its evidence stands, and one piece of advice.

use std::fmt;

/// How much a reason weighs. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Worth knowing; ranked as usual.
    Note,
    /// Evidence that the figure is off; ranked with a mark.
    Suspect,
    /// No figure.
    Invalid,
}

/// Where the evidence for a reason stands in a report. A reason that the agent claims is taken over when its
/// evidence is not there to be judged again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// What was watched while the component was measured.
    Watch,
    /// How the test was run.
    Params,
    /// The samples and the interval.
    Samples,
    /// The recorded hardware.
    Hardware,
    /// Only the agent can know.
    Agent,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident $code:literal $grade:ident $source:ident $advice:literal;)*) => {
        /// Why a figure is not simply valid, or what is worth knowing although it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ReasonCode { $($(#[$doc])* $name,)* }

        impl ReasonCode {
            /// All reasons, in the order of their grade.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How much it weighs.
            pub fn grade(self) -> Grade {
                match self { $(Self::$name => Grade::$grade,)* }
            }

            /// One thing to do about it, in English.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice,)* }
            }

            pub(super) fn source(self) -> Source {
                match self { $(Self::$name => Source::$source,)* }
            }
        }
    };
}

reasons! {
    /// Powersave governor under a driver that scales the frequency all the same.
    GovernorPowersave "governor_powersave" Note Watch
        "Nothing to do: with this driver, powersave still reaches the full frequency under load.";
    /// Some processor time went elsewhere.
    BackgroundTasks "background_tasks" Note Watch
        "Nothing to do; stop other programs for a figure that repeats better.";
    /// The hypervisor took less than 1 % of the time.
    StealMinor "steal_minor" Note Watch
        "Nothing to do: this is usual on a shared host.";
    /// The file system compresses.
    Compressed "compressed" Note Params
        "Nothing to do: the test data cannot be compressed, so the figure is that of the drive.";
    /// The device is encrypted.
    Encrypted "encrypted" Note Params
        "Nothing to do: the figure includes the cost of encryption, as everyday use does.";
    /// Measured through an overlay file system.
    Overlay "overlay" Note Params
        "Name a folder on a volume with --disk-path to measure without the overlay.";
    /// Measured over the network.
    NetworkFilesystem "network_filesystem" Note Params
        "Name a folder on a local drive with --disk-path to measure a drive of this machine.";
    /// The test file is smaller than the preset asks.
    SpaceShort "space_short" Note Params
        "Free some space, or name a roomier folder with --disk-path.";
    /// The report's clock was wrong and its time was corrected.
    ClockCorrected "clock_corrected" Note Agent
        "Turn on time synchronisation on this machine.";
    /// Server and client are one host: shown, not scored.
    SameHost "same_host" Note Params
        "Run the server on another machine to measure the network between them.";
    /// Graphics by a software rasteriser: shown, not scored.
    SoftwareRasteriser "software_rasteriser" Note Params
        "Install the graphics driver to measure the card instead of the processor.";

    /// Other programs used the processor.
    Busy "busy" Suspect Watch
        "Stop other programs and measure again; --if-idle stays away from a busy machine.";
    /// The processor slowed down.
    Throttled "throttled" Suspect Watch
        "Check cooling and power limits, let the machine cool down, and measure again.";
    /// The supply voltage was too low.
    UnderVoltage "under_voltage" Suspect Watch
        "Use a stronger power supply or a shorter cable.";
    /// The hypervisor took 1 % of the time or more.
    Steal "steal" Suspect Watch
        "Measure when the host is quieter, or move the guest to a less crowded host.";
    /// The machine swapped.
    Swapped "swapped" Suspect Watch
        "Free memory and measure again.";
    /// Ran on battery.
    OnBattery "on_battery" Suspect Watch
        "Plug the machine in and measure again.";
    /// A governor that holds the frequency down.
    Powersave "powersave" Suspect Watch
        "Choose another frequency governor, such as schedutil or performance, and measure again.";
    /// A control group limits the processor time.
    CpuQuota "cpu_quota" Suspect Watch
        "Raise the CPU limit of the container or service, or read this as the figure of the limit.";
    /// Too few samples for an interval.
    FewSamples "few_samples" Suspect Samples
        "Measure with a longer preset.";
    /// The samples scatter.
    Noisy "noisy" Suspect Samples
        "Measure again when the machine is quiet, or with a longer preset.";
    /// The data fitted into the cache.
    CacheSized "cache_sized" Suspect Params
        "Free memory, so that the test can use more than the processor's cache.";
    /// The file system did not allow direct access.
    DirectIoRefused "direct_io_refused" Suspect Params
        "Name a folder on a file system with direct access (ext4, xfs, btrfs) with --disk-path.";
    /// Reads came from memory.
    CachedReads "cached_reads" Suspect Params
        "Read this as the figure of the cache; name a folder elsewhere with --disk-path to measure the drive.";
    /// The server measured somebody else at the same time.
    ServerBusy "server_busy" Suspect Agent
        "Measure again when no other machine is measuring.";
    /// The agent had doubts that this version has no word for.
    Other "other" Suspect Agent
        "Upgrade the server to a version that knows this agent's reasons.";

    /// More than the recorded hardware can do.
    Implausible "implausible" Invalid Hardware
        "Measure again; if it comes back, the recorded hardware or the clock is wrong.";
    /// The test computed something wrong.
    WrongResult "wrong_result" Invalid Params
        "Test memory and processor: a machine that computes wrongly loses data.";
    /// The clock jumped during the test.
    ClockMoved "clock_moved" Invalid Watch
        "Measure again without setting the clock or suspending in between.";
    /// A processor went offline.
    CoreLost "core_lost" Invalid Watch
        "Measure again; if it comes back, look for machine check errors in the kernel log.";
    /// Measured a file system in memory.
    Tmpfs "tmpfs" Invalid Params
        "Name a folder on a drive with --disk-path.";
    /// The test took too long.
    TimedOut "timed_out" Invalid Agent
        "Measure again with a longer preset; look for a failing part if it comes back.";
    /// The test ended without a result.
    Crashed "crashed" Invalid Agent
        "Measure again; the agent's output says how the test ended.";
}

impl ReasonCode {
    /// The reason with that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == code)
    }

    /// True if it keeps a component out of the score, however good the figures are that are shown.
    pub fn is_unscored(self) -> bool {
        matches!(self, Self::SameHost | Self::SoftwareRasteriser)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason, with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which one.
    pub code: ReasonCode,
    /// What speaks for it, in English: `background load 12 %`.
    pub evidence: String,
}

impl Reason {
    pub(super) fn new(code: ReasonCode, evidence: impl Into<String>) -> Self {
        Self { code, evidence: evidence.into() }
    }
}

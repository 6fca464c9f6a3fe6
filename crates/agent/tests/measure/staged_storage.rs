//! Verdicts on storage that a test makes for itself: a file to swap to, and file systems on drives of their own.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use report::Component;
use report::measurement::Verdict;
use report::verdict::ReasonCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::agent::{Stage, dry_run, is_empty, judged, measuring_child, reasons};
use crate::arch::swap_out;
use crate::child::{self, measure, measure_by, program, said};

/// What is swapped out, bytes: far more than the kernel moves on its own.
const SWAPPED: usize = 16 << 20;
/// The file to swap to, bytes.
const SWAP_FILE: usize = 4 * SWAPPED;

/// Swaps to a file until its input ends: that is when the test drops it, or is killed.
const KEEP_SWAP: &str = "set -e; umask 077; trap 'rm -f \"$0\"' EXIT
: > \"$0\"; chattr +C \"$0\" || true; head -c \"$1\" /dev/zero > \"$0\"; mkswap \"$0\" >&2; swapon \"$0\"
echo on; read -r _ || true; swapoff \"$0\"";

/// A file that the machine swaps to, until it is dropped.
struct SwapFile {
    keeper: Child,
    file: PathBuf,
    _folder: TempDir,
}

impl SwapFile {
    /// `None` where this user, or every file system, takes none.
    fn new() -> Option<Self> {
        // Pages that are only compressed are not swapped.
        let zswap = fs::read_to_string("/sys/module/zswap/parameters/enabled");
        if zswap.is_ok_and(|enabled| enabled.starts_with('Y')) {
            return None;
        }
        let folders = [std::env::temp_dir(), "/var/tmp".into(), env!("CARGO_TARGET_TMPDIR").into()];
        folders.iter().find_map(|folder| Self::on(folder))
    }

    fn on(folder: &Path) -> Option<Self> {
        let folder = tempfile::tempdir_in(folder).ok()?;
        let file = folder.path().canonicalize().unwrap().join("swap");
        let mut command = Command::new("sh");
        command.args(["-c", KEEP_SWAP]).arg(&file).arg(SWAP_FILE.to_string());
        // In a group of its own, which does not die with the test.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut swap = Self { keeper: command.spawn().unwrap(), file, _folder: folder };
        let mut said = String::new();
        BufReader::new(swap.keeper.stdout.take()?).read_line(&mut said).unwrap();
        (said == "on\n").then_some(swap)
    }

    fn is_used(file: &Path) -> bool {
        fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.contains(file.to_str().unwrap()))
    }
}

impl Drop for SwapFile {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

#[test]
fn a_machine_that_swaps_makes_a_figure_suspect() {
    let folder = tempfile::tempdir().unwrap();
    let swap = SwapFile::new();
    let agent = dry_run(Command::new(program()), folder.path(), &[Component::Disk]).spawn().unwrap();
    if let Some(swap) = &swap {
        assert!(SwapFile::is_used(&swap.file));
        measuring_child(&agent, Component::Disk);
        // Zeros would only be noted down.
        swap_out(&mut vec![0xA5; SWAPPED]).unwrap();
    }
    let output = agent.wait_with_output().unwrap();
    let (report, judgement) = judged(&output);
    let watch = &report.environment.unwrap().components.unwrap()[&Component::Disk];
    let pages = watch.swapped_pages.map_or(0, report::number::Whole::get);
    let seen = reasons(&judgement, Component::Disk);
    // Without a file to swap to: what the machine does by itself.
    assert_eq!(seen.contains(&ReasonCode::Swapped), pages >= 256, "{watch:?} {seen:?}");
    let Some(swap) = swap else { return eprintln!("not tested: no swapping to be had here") };
    let wanted = SWAPPED / rustix::param::page_size() / 2;
    assert!(pages >= wanted as u64, "{watch:?}");
    assert_eq!(judgement.verdict, Verdict::Suspect, "{judgement:?}");
    assert!(judgement.components[&Component::Disk].scored, "shown and ranked, with a mark");
    let file = swap.file.clone();
    drop(swap);
    assert!(!SwapFile::is_used(&file) && !file.exists());
}

/// A file shown as a drive. The kernel takes the drive away when nobody has it open any more, whatever becomes of
/// the test.
struct Drive {
    name: String,
    image: PathBuf,
    held: File,
    _folder: TempDir,
}

impl Drive {
    /// With a new file system on it; `None` where this user may make no drives.
    fn new(fs_type: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().canonicalize().unwrap().join("image");
        File::create(&image).unwrap().set_len(1 << 30).unwrap();
        let shown = Command::new("losetup").args(["--find", "--show"]).arg(&image).output().unwrap();
        let device = String::from_utf8(shown.stdout).unwrap().trim().to_owned();
        let name = device.strip_prefix("/dev/").filter(|_| shown.status.success())?.to_owned();
        let held = File::open(&device);
        // Somebody has it open: it goes when the last one closes it.
        assert!(Command::new("losetup").args(["--detach", &device]).status().unwrap().success());
        let drive = Self { name, image, held: held.unwrap(), _folder: folder };
        let made = Command::new(format!("mkfs.{fs_type}")).arg("-q").arg(&device).output();
        let made = made.unwrap_or_else(|error| panic!("mkfs.{fs_type} (scripts/setup.sh test): {error}"));
        assert!(made.status.success(), "{made:?}");
        Some(drive)
    }

    fn path(&self) -> PathBuf {
        Path::new("/dev").join(&self.name)
    }

    /// Bytes that it has been given to write, by its own count.
    fn written(&self) -> u64 {
        let stat = fs::read_to_string(format!("/sys/block/{}/stat", self.name)).unwrap();
        stat.split_ascii_whitespace().nth(6).unwrap().parse::<u64>().unwrap() * 512
    }

    /// Lets it go, and waits until it has gone.
    fn release(self) -> bool {
        drop(self.held);
        let behind = format!("/sys/block/{}/loop/backing_file", self.name);
        let is_there =
            || fs::read_to_string(&behind).is_ok_and(|file| file.starts_with(self.image.to_str().unwrap()));
        let deadline = Instant::now() + Duration::from_secs(15);
        while is_there() && Instant::now() < deadline {
            // Nothing tells when the last name space that knows it is gone.
            std::thread::sleep(Duration::from_millis(20));
        }
        !is_there()
    }
}

/// A stage with the drive mounted on the folder; `None` where the kernel does not know the file system.
fn stage_with(drive: &Drive, (fs_type, options): (&str, &str), folder: &Path) -> Option<Stage> {
    let mut stage = Stage::new()?;
    stage.mount_drive(&drive.path(), (fs_type, options), folder);
    stage.command("true").status().unwrap().success().then_some(stage)
}

fn plan(folder: &Path) -> Value {
    json!({
        "preset": "short", "budget": {"secs": 1, "nanos": 0}, "disk_paths": [folder],
        "disk": {"file_bytes": 16 << 20},
    })
}

/// What a short measurement of a busy machine's drive may come to.
fn by_chance(code: ReasonCode) -> bool {
    matches!(code, ReasonCode::Noisy | ReasonCode::FewSamples)
}

/// Measures on a drive with this file system, and looks at all that is said of it.
fn measured_on(fs_type: &str, options: &str, notes: &[ReasonCode]) {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::new(fs_type);
    let stage = drive.as_ref().and_then(|drive| stage_with(drive, (fs_type, options), folder.path()));
    let (Some(drive), Some(stage)) = (drive, stage) else {
        return told_of_what_is_there(folder.path());
    };
    for without_io_uring in [false, true] {
        let mut plan = plan(folder.path());
        plan["disk"]["without_io_uring"] = without_io_uring.into();
        let before = drive.written();
        let lines = measure_by(stage.agent(), "disk", &plan);
        let measured = said(&lines, "measurement");
        assert!(!measured.is_empty(), "{lines:?}");
        for one in measured {
            let params = &one["params"];
            assert_eq!((&params["fs_type"], &params["device"]), (&json!(fs_type), &json!(drive.name)));
            assert_eq!(params["compressed"], notes.contains(&ReasonCode::Compressed), "{params}");
            assert_eq!((&params["direct"], &params["encrypted"]), (&json!(true), &json!(false)), "{params}");
            assert_ne!(params["output_correct"], false, "{params}");
        }
        let judgement = child::judged(&lines);
        let mut seen = reasons(&judgement, Component::Disk);
        seen.retain(|code| !by_chance(*code));
        assert_eq!(seen, notes, "{lines:?}");
        assert_eq!(judgement.notes.iter().map(|note| note.code).collect::<Vec<_>>(), notes);
        assert!(judgement.components[&Component::Disk].scored);
        // Direct access is no mere word: what was written has reached the drive.
        let written: u64 = said(&lines, "written").iter().filter_map(|bytes| bytes.as_u64()).sum();
        assert!(written > 0 && drive.written() - before >= written, "{written} {lines:?}");
    }
    let left = stage.command("ls").arg("-A").arg(folder.path()).output().unwrap();
    assert!(left.status.success(), "{left:?}");
    assert!(matches!(left.stdout.as_slice(), b"" | b"lost+found\n"), "{left:?}");
    assert!(is_empty(folder.path()));
    assert!(drive.release(), "a drive is left");
}

/// Where no drive can be made: what is said of the file system under the folder is what others say.
fn told_of_what_is_there(folder: &Path) {
    eprintln!("not tested: no drive of one's own to be had here");
    let lines = measure("disk", &plan(folder));
    let found = Command::new("findmnt").args(["-n", "-o", "FSTYPE", "-T"]).arg(folder).output().unwrap();
    let params = &child::measurement(&lines, "disk.read_mb_s")["params"];
    assert_eq!(params["fs_type"].as_str(), Some(String::from_utf8(found.stdout).unwrap().trim()));
    let compressed = reasons(&child::judged(&lines), Component::Disk).contains(&ReasonCode::Compressed);
    assert_eq!(compressed, params["compressed"] == true, "{params}");
    assert!(is_empty(folder));
}

#[test]
fn btrfs_that_compresses_is_noted_and_scored() {
    measured_on("btrfs", "compress=zstd", &[ReasonCode::Compressed]);
}

#[test]
fn a_file_system_that_does_not_compress_has_no_note() {
    measured_on("ext4", "defaults", &[]);
}

#[test]
fn a_folder_that_compresses_on_its_own_is_noted_too() {
    let folder = tempfile::tempdir().unwrap();
    let drive = Drive::new("btrfs");
    let stage = drive.as_ref().and_then(|drive| stage_with(drive, ("btrfs", "defaults"), folder.path()));
    let (Some(drive), Some(stage)) = (drive, stage) else {
        return told_of_what_is_there(folder.path());
    };
    for (mark, compressed) in [("+c", true), ("-c", false)] {
        let marked = stage.command("chattr").arg(mark).arg(folder.path()).status().unwrap();
        assert!(marked.success(), "{mark}");
        let mut plan = plan(folder.path());
        plan["only"] = "disk.read_mb_s".into();
        let lines = measure_by(stage.agent(), "disk", &plan);
        let params = &child::measurement(&lines, "disk.read_mb_s")["params"];
        assert_eq!(params["compressed"], compressed, "{mark} {params}");
        let seen = reasons(&child::judged(&lines), Component::Disk);
        assert_eq!(seen.contains(&ReasonCode::Compressed), compressed, "{mark} {seen:?}");
    }
    assert!(drive.release(), "a drive is left");
}

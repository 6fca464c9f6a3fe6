### The words of the pages. One word per idea: see docs/GLOSSARY.md.

## Frame
skip = Skip to content
display = Display
theme = Colours
theme-auto = Auto
theme-light = Light
theme-dark = Dark
language = Language
scale-note = Scores are relative to a reference that scores 100. The scale v0 is provisional. Bands show the 95 % interval.

## Components and kinds
component-cpu = Processor
component-memory = Memory
component-disk = Disk
component-network = Network
component-gpu = Graphics
short-cpu = CPU
short-memory = Memory
short-disk = Disk
short-network = Network
short-gpu = GPU
phone-cpu = CPU
phone-memory = Mem.
phone-disk = Disk
phone-network = Net.
phone-gpu = GPU
no-cpu = no processor
no-memory = no memory
no-disk = no disk
no-network = no network
no-gpu = no graphics
kind-all = All
kind-bare_metal = Bare metal
kind-vm = VM
kind-container = Container
kind-single_board = Single-board
chip-bare_metal = bare metal
chip-vm = VM
chip-container = container
chip-single_board = single-board
on-host = on { $host }

## Dashboard
title-fastest = Fastest: { $name }
title-fastest-tie = Fastest: { $name }, tied with { $other }
title-fastest-ties = Fastest: { $name }, tied with { $count } others
title-fastest-cpu = Fastest processor: { $name }
title-fastest-memory = Fastest memory: { $name }
title-fastest-disk = Fastest disk: { $name }
title-fastest-network = Fastest network: { $name }
title-fastest-gpu = Fastest graphics: { $name }
title-empty = Measure your first machine
title-none = No machine is ranked yet
machines = { $n ->
    [one] { $count } machine
   *[other] { $count } machines
}
benchmarks = { $n ->
    [one] { $count } benchmark
   *[other] { $count } benchmarks
}
need-attention = { $n ->
    [one] { $count } needs attention
   *[other] { $count } need attention
}
measure-another = Measure another machine
ranking = Ranking
rank = Rank
rank-by = Rank by
show = Show
filter-kind = Kind of machine
device = Machine
score = Score
interval = Score with its 95 % interval
trend = Trend
trend-label = Last { $n } benchmarks, from { $low } to { $high }
last-benchmark = Last benchmark
nobody-here = No ranked machine of this kind.
pages = Pages
previous = Previous
next = Next
pager = { $first }–{ $last } of { $total }
not-ranked = Not ranked yet ({ $count })
reason = Reason
to-do = What to do
and-more = { $n ->
    [one] and { $count } more
   *[other] and { $count } more
}
other-client = Scores that clients worked out themselves
other-client-hint = These clients send finished scores without the measurements behind them, so they cannot be ranked against the others. The line above measures the same machines on the common scale.
other-scale = Scale { $basis }
other-scale-hint = Numbers of another scale cannot be ranked against the others. Measure these machines again to rank them.

## The command
command = Command
command-how = Paste this line on the machine. It takes about 90 seconds, installs nothing and needs no root.
command-token = In place of TOKEN stands the token of this server. On the server, this prints it:
command-sent = The report holds the hardware and the measurements; serial numbers stay on the machine. To read it without sending anything, add
copy = Copy
copied = Copied
selected = Selected: copy it with your keyboard or menu

## Rails and coverage
rail-sure = { $name }: { $value }, between { $low } and { $high }
rail-bare = { $name }: { $value }, without an interval
rail-suspect = { $name }: { $value }, suspect
coverage-all = All 5 components
coverage-some = { $n } of 5: { $lacking }

## Ages
ago-now = just now
ago-minutes = { $n ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $n ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $n ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
ago-years = { $n ->
    [one] { $count } year ago
   *[other] { $count } years ago
}

## Verdicts
verdict-valid = valid
verdict-suspect = suspect
verdict-invalid = invalid
verdict-because = { $verdict }: { $reason }
waiting-no-benchmark = inventoried, but never measured
waiting-no-benchmark-do = Run the line above on it without --inventory.
waiting-no-figure = no valid figure
waiting-no-figure-do = Run it again and read what the agent says.
waiting-coverage = only { $coverage }
waiting-coverage-do = Run it again without the --skip options; half of the weight must be measured.
waiting-component = this component was not measured
waiting-component-do = Run it again without the --skip options.

## Reasons and the one thing that helps
reason-governor-powersave = powersave governor
advice-governor-powersave = Nothing to do: with this driver, powersave still reaches the full frequency under load.
reason-background-tasks = some background load
advice-background-tasks = Nothing to do; stop other programs for a figure that repeats better.
reason-steal-minor = the hypervisor took a little processor time
advice-steal-minor = Nothing to do: this is usual on a shared host.
reason-compressed = compressed filesystem
advice-compressed = Nothing to do: the test data cannot be compressed, so the figure is that of the drive.
reason-encrypted = encrypted disk
advice-encrypted = Nothing to do: the figure includes the cost of encryption, as everyday use does.
reason-overlay = measured through an overlay
advice-overlay = Name a folder on a volume with --disk-path to measure without it.
reason-network-filesystem = measured over the network
advice-network-filesystem = Name a folder on a local drive with --disk-path.
reason-space-short = little free space
advice-space-short = Free some space, or name a roomier folder with --disk-path.
reason-clock-corrected = clock was wrong, time corrected
advice-clock-corrected = Turn on time synchronisation on this machine.
reason-other = a doubt this server has no word for
advice-other = Upgrade the server.
reason-busy = machine was busy
advice-busy = Run again when it is idle.
reason-throttled = processor slowed itself down
advice-throttled = Look at cooling: dust, fan, thermal paste.
reason-under-voltage = supply voltage too low
advice-under-voltage = Use a stronger power supply and a shorter cable.
reason-steal = the hypervisor took processor time
advice-steal = Measure when the host is quiet.
reason-swapped = machine was swapping
advice-swapped = Free memory, then run again.
reason-on-battery = on battery
advice-on-battery = Plug it in, then run again.
reason-powersave = governor caps the frequency
advice-powersave = Choose the governor “performance” for the measurement.
reason-cpu-quota = processor time is limited
advice-cpu-quota = Lift the CPU limit of the container, or read the score as that of its share.
reason-few-samples = too few samples
advice-few-samples = Run a longer preset.
reason-noisy = figures vary widely
advice-noisy = Stop other work on the machine, then run again.
reason-cache-sized = memory test fitted into the cache
advice-cache-sized = Free memory, then run again.
reason-direct-io-refused = disk was read through memory
advice-direct-io-refused = Choose a folder on another filesystem with --disk-path.
reason-cached-reads = reads came from memory
advice-cached-reads = Choose a folder on another filesystem with --disk-path.
reason-server-busy = server was measuring another machine
advice-server-busy = Run again later.
reason-implausible = faster than the hardware can be
advice-implausible = Run again; if it stays, report it as a fault of the test.
reason-wrong-result = a test computed a wrong result
advice-wrong-result = Test memory and processor: this machine makes errors.
reason-clock-moved = clock was set during the test
advice-clock-moved = Run again when the clock is synchronised.
reason-core-lost = a processor went offline during the test
advice-core-lost = Run again; look at the kernel log if it stays.
reason-tmpfs = the folder lies in memory, not on a disk
advice-tmpfs = Choose a folder on a disk with --disk-path.
reason-timed-out = test took too long
advice-timed-out = Run again with --thorough.
reason-crashed = test crashed
advice-crashed = Run again; look at the kernel log if it stays.
reason-same-host = server and machine are one host
advice-same-host = Measure the network from another machine.
reason-software-rasteriser = graphics run on the processor
advice-software-rasteriser = Install the driver of the graphics card.

## Device page
not-measured = Not measured yet
component = Component
figures = Figures
hardware = Hardware
hint-board-changed = The mainboard was replaced.
hint-same-hardware = The same hardware as { $name }
hint-copy = A copy of { $name }, or started from the same image
hint-merge = Perhaps the same machine as { $name }: same name, other serial numbers
hint-keys = Its serial numbers are also those of { $name }
read-at = read { $ago }
free-slot = free
date = Date
preset = Preset
preset-short = short
preset-normal = normal
preset-thorough = thorough
verdict = Verdict
label = Label
basis-client = This score was worked out by the client and is not ranked against the others.
history = Benchmarks ({ $count })
history-none = No benchmark yet.
history-second = History begins with the second benchmark.
older-benchmarks = { $n ->
    [one] and { $count } older one
   *[other] and { $count } older ones
}
known-one-thread = { $value } on one thread
known-all-threads = { $value } on all
known-bandwidth = { $value }
known-latency = { $value } per access
known-read = { $value } read
known-write = { $value } write
known-download = { $value } down
known-upload = { $value } up
known-ping = { $value } round trip
yes = yes
no = no
up-to = up to { $value }
can = can { $value }
cores = { $n ->
    [one] { $count } core
   *[other] { $count } cores
}
threads = { $n ->
    [one] { $count } thread
   *[other] { $count } threads
}
drives = { $n ->
    [one] { $count } drive
   *[other] { $count } drives
}
interfaces = { $n ->
    [one] { $count } interface
   *[other] { $count } interfaces
}
media-errors = { $n ->
    [one] { $count } media error
   *[other] { $count } media errors
}
reallocated = { $n ->
    [one] { $count } sector replaced
   *[other] { $count } sectors replaced
}
slots-used = { $used } of { $total } slots used
sensor-cpu = processor { $value }
section-processor = Processor
section-memory = Memory
section-storage = Storage
section-graphics = Graphics
section-network = Network
section-board = Board
section-system = System
section-sensors = Sensors
caption-clusters = Groups of cores
caption-drives = Drives
caption-partitions = Partitions
caption-interfaces = Interfaces
head-cluster = Group
head-threads = Threads
head-max-freq = Up to
head-drive = Drive
head-model = Model
head-size = Size
head-type = Type
head-link = Link
head-health = Health
head-wear = Wear
head-hours = Hours
head-temperature = Temp.
head-partition = Partition
head-mount = Mounted on
head-filesystem = Filesystem
head-used = Used
head-interface = Interface
head-speed = Speed
head-driver = Driver
head-mtu = MTU
head-address = Address
head-mac = MAC
fact-vendor = Vendor
fact-model = Model
fact-microarchitecture = Microarchitecture
fact-sockets = Sockets
fact-base-freq = Base clock
fact-cache-l1 = L1 cache
fact-cache-l2 = L2 cache
fact-cache-l3 = L3 cache
fact-tdp = Design power
fact-microcode = Microcode
fact-governor = Governor
fact-smt = Multithreading
fact-mitigations = Mitigations
fact-flags = Extensions
fact-installed = Installed
fact-usable = Seen by the kernel
fact-used = In use
fact-ecc = Error correction
fact-driver = Driver
fact-driver-version = Driver version
fact-own-memory = Own memory
fact-shared-memory = Shared memory
fact-api = Interfaces
fact-pci-id = PCI id
fact-system-vendor = Maker of the machine
fact-system-model = Model of the machine
fact-chassis = Chassis
fact-bios-vendor = Firmware maker
fact-bios-version = Firmware version
fact-bios-date = Firmware date
fact-board-serial = Board serial number
fact-system-serial = Serial number
fact-hostname = Host name
fact-fqdn = Full name
fact-virtualization = Virtualisation
fact-boot-mode = Boot
fact-cmdline = Kernel command line
fact-cpu-temp = Processor
fact-layout = memory modules
fact-slots-total = memory slots
fact-tdp-w = design power
fact-serial = serial number
fact-devices = drives
fact-smart-health = drive health
fact-cores = cores
fact-threads = threads
fact-base-freq-ghz = base clock
fact-max-freq-ghz = highest clock
fact-cache-l1-kb = L1 cache
fact-cache-l2-kb = L2 cache
fact-cache-l3-kb = L3 cache
fact-cpu-temp-c = processor temperature
fact-total-mb = size of the memory
fact-name = name of the system
fact-kernel-version = kernel version
fact-architecture = architecture
fact-interfaces = interfaces
fact-memory-dedicated-mb = own memory
fact-wear-percent = wear of the drives
fact-partitions = partitions
fact-total-gb = size of the partitions
not-read = Not read: { $reason }
not-read-field = Not read: { $what }: { $reason }
not-read-short = not read
missing-needs-root = needs root
missing-needs-root-do = Run it once with sudo.
missing-not-present = not there
missing-not-exposed = the machine does not tell
missing-not-set = not set
missing-belongs-to-host = belongs to the host
missing-belongs-to-host-do = Run it on the host to see this.
missing-no-server = no server to measure against
missing-no-fleet-key = identity not sent
missing-skipped = left out with a --skip option
missing-skipped-do = Run it without that option to measure this.
missing-inventory-only = only the inventory was taken
missing-inventory-only-do = Run it without --inventory to measure this.
missing-not-built = not measured by this version of the agent
missing-not-supported = not supported here
missing-results-gpu-not-supported-do = A later version of the agent measures graphics.
missing-same-host = server and machine are one host
missing-no-time = no time left for it
missing-no-time-do = A longer preset has time for it.
missing-few-samples = too few samples
missing-public-address = the server has a public address
missing-public-address-do = --full-network measures the throughput too.
missing-iperf-failed = iperf3 gave no figure
missing-no-test = not measured by this version of the agent
missing-timed-out = no answer in time
missing-crashed = the test ended early
missing-failed = reading it failed
missing-unreadable = its table is broken
missing-not-writable = the folder cannot be written
missing-no-space = not enough space
missing-io-error = reading or writing failed
missing-wrong-result = wrong result
missing-server-busy = the server was busy
missing-server-error = error of the server
missing-unreachable = the server was not reached
missing-not-permitted = the token was refused
missing-results-gpu-not-supported = not measured yet
missing-results-network-not-supported = the server is too old for it
missing-hardware-storage-devices-smart-health-not-present = smartmontools is missing
missing-hardware-storage-devices-smart-health-not-present-do = Install it on the machine to see the health of the drives.
missing-hardware-storage-devices-smart-health-not-exposed = a drive does not tell
missing-hardware-os-fqdn-not-set-do = /etc/hosts gives the machine no name with a domain.
missing-hardware-ram-layout-not-exposed-do = The firmware does not describe the memory modules.
missing-hardware-motherboard-not-exposed-do = The machine has neither an SMBIOS table nor a device tree.

## Errors
error-title-401 = Reading needs the token here
error-title-404 = There is nothing here
error-title-405 = This address takes another method
error-title-410 = This was deleted
error-title-421 = This server does not go by that name
error-title-429 = Too many requests
error-title-503 = The database is not reachable
error-title-other = That did not work
error-text-401 = This server shows its machines only to programs that send its token. Whoever runs it can set READ_ACCESS to open or public for browsers.
error-text-404 = The address may be mistyped, or the machine was never measured here.
error-text-421 = The address in your browser is not one of this server’s names. Use its IP address, or add the name to ALLOWED_HOSTS.
error-text-429 = Wait a moment, then try again.
error-text-503 = Reports wait on the machines and nothing is lost. Try again in a moment; the log of the server says more.
error-text-other = Try again. If it stays, look for the request below in the log of the server.
error-home = To the ranking
error-request = Request
title-page = Ranking: { $first }–{ $last } of { $total }

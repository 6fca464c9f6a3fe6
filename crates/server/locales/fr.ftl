### Les mots des pages. Un mot par idée : voir docs/GLOSSARY.md.
### L’espace devant : ; ? ! % devient insécable et fine au chargement.

## Cadre
skip = Aller au contenu
display = Affichage
theme = Couleurs
theme-auto = Auto
theme-light = Clair
theme-dark = Sombre
language = Langue
scale-note = Les scores sont relatifs à une référence qui vaut 100. L’échelle v0 est provisoire. Les bandes montrent l’intervalle à 95 %.

## Composantes et types
component-cpu = Processeur
component-memory = Mémoire
component-disk = Disque
component-network = Réseau
component-gpu = Graphique
short-cpu = CPU
short-memory = Mémoire
short-disk = Disque
short-network = Réseau
short-gpu = GPU
phone-cpu = CPU
phone-memory = Mém.
phone-disk = Disque
phone-network = Réseau
phone-gpu = GPU
no-cpu = pas de processeur
no-memory = pas de mémoire
no-disk = pas de disque
no-network = pas de réseau
no-gpu = pas de graphique
kind-all = Toutes
kind-bare_metal = Physique
kind-vm = VM
kind-container = Conteneur
kind-single_board = Monocarte
chip-bare_metal = physique
chip-vm = VM
chip-container = conteneur
chip-single_board = monocarte
on-host = sur { $host }

## Tableau de bord
title-fastest = La plus rapide : { $name }
title-fastest-tie = La plus rapide : { $name }, à égalité avec { $other }
title-fastest-ties = La plus rapide : { $name }, à égalité avec { $count } autres
title-fastest-cpu = Processeur le plus rapide : { $name }
title-fastest-memory = Mémoire la plus rapide : { $name }
title-fastest-disk = Disque le plus rapide : { $name }
title-fastest-network = Réseau le plus rapide : { $name }
title-fastest-gpu = Graphique le plus rapide : { $name }
title-empty = Mesurez votre première machine
title-none = Pas encore de machine au classement
machines = { $n ->
    [one] { $count } machine
   *[other] { $count } machines
}
benchmarks = { $n ->
    [one] { $count } benchmark
   *[other] { $count } benchmarks
}
need-attention = { $count } à regarder
measure-another = Mesurer une autre machine
ranking = Classement
rank = Rang
rank-by = Classer par
show = Afficher
filter-kind = Type de machine
device = Machine
score = Score
interval = Score et son intervalle à 95 %
trend = Évolution
trend-label = { $n } derniers benchmarks, de { $low } à { $high }
last-benchmark = Dernier benchmark
nobody-here = Aucune machine de ce type au classement.
pages = Pages
previous = Précédent
next = Suivant
pager = { $first }–{ $last } sur { $total }
not-ranked = Pas encore au classement ({ $count })
reason = Motif
to-do = Que faire
and-more = { $n ->
    [one] et { $count } autre
   *[other] et { $count } autres
}
other-client = Scores calculés par les clients
other-client-hint = Ces clients envoient des scores sans les mesures qui les fondent : on ne peut pas les classer avec les autres. La ligne ci-dessus mesure les mêmes machines sur l’échelle commune.
other-scale = Échelle { $basis }
other-scale-hint = Les nombres d’une autre échelle ne se classent pas avec les autres. Mesurez à nouveau ces machines pour les classer.

## La commande
command = Commande
command-how = Collez cette ligne sur la machine. Environ 90 secondes, rien n’est installé, pas besoin d’être root.
command-token = À la place de TOKEN, mettez le jeton de ce serveur. Sur le serveur, cette commande l’affiche :
command-sent = Le rapport contient le matériel et les mesures ; les numéros de série restent sur la machine. Pour le lire sans rien envoyer, ajoutez
copy = Copier
copied = Copié
selected = Sélectionné : copiez avec le clavier ou le menu

## Rails et couverture
rail-sure = { $name } : { $value }, entre { $low } et { $high }
rail-bare = { $name } : { $value }, sans intervalle
rail-suspect = { $name } : { $value }, douteux
coverage-all = Les 5 composantes
coverage-some = { $n } sur 5 : { $lacking }

## Âges
ago-now = à l’instant
ago-minutes = { $n ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
ago-hours = { $n ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
ago-days = { $n ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
ago-years = { $n ->
    [one] il y a { $count } an
   *[other] il y a { $count } ans
}

## Verdicts
verdict-valid = valide
verdict-suspect = douteux
verdict-invalid = invalide
verdict-because = { $verdict } : { $reason }
waiting-no-benchmark = inventoriée, jamais mesurée
waiting-no-benchmark-do = Lancez la ligne ci-dessus sur la machine, sans --inventory.
waiting-no-figure = aucun chiffre valide
waiting-no-figure-do = Relancez la mesure et lisez ce que dit l’agent.
waiting-coverage = seulement { $coverage }
waiting-coverage-do = Relancez sans les options --skip ; la moitié du poids doit être mesurée.
waiting-component = cette composante n’a pas été mesurée
waiting-component-do = Relancez la mesure sans les options --skip.

## Motifs, et ce qui aide
reason-governor-powersave = gouverneur powersave
advice-governor-powersave = Rien à faire : avec ce pilote, powersave atteint la pleine fréquence en charge.
reason-background-tasks = un peu de charge de fond
advice-background-tasks = Rien à faire ; arrêtez les autres programmes pour un chiffre plus stable.
reason-steal-minor = l’hyperviseur a pris un peu de temps de processeur
advice-steal-minor = Rien à faire : c’est courant sur un hôte partagé.
reason-compressed = système de fichiers compressé
advice-compressed = Rien à faire : les données du test ne se compriment pas, le chiffre est celui du disque.
reason-encrypted = disque chiffré
advice-encrypted = Rien à faire : le chiffre comprend le coût du chiffrement, comme à l’usage.
reason-overlay = mesuré à travers un overlay
advice-overlay = Indiquez un dossier d’un volume avec --disk-path pour mesurer sans lui.
reason-network-filesystem = mesuré à travers le réseau
advice-network-filesystem = Indiquez un dossier d’un disque local avec --disk-path.
reason-space-short = peu d’espace libre
advice-space-short = Libérez de la place, ou indiquez un dossier plus vaste avec --disk-path.
reason-clock-corrected = horloge fausse, heure corrigée
advice-clock-corrected = Activez la synchronisation de l’heure sur cette machine.
reason-other = un doute que ce serveur ne sait pas nommer
advice-other = Mettez le serveur à jour.
reason-busy = la machine travaillait
advice-busy = Relancez la mesure au calme.
reason-throttled = le processeur s’est ralenti
advice-throttled = Vérifiez le refroidissement : poussière, ventilateur, pâte thermique.
reason-under-voltage = tension d’alimentation trop basse
advice-under-voltage = Prenez une alimentation plus forte et un câble plus court.
reason-steal = l’hyperviseur a pris du temps de processeur
advice-steal = Mesurez quand l’hôte est au calme.
reason-swapped = la machine échangeait avec le disque (swap)
advice-swapped = Libérez de la mémoire, puis relancez.
reason-on-battery = sur batterie
advice-on-battery = Branchez-la, puis relancez.
reason-powersave = le gouverneur limite la fréquence
advice-powersave = Choisissez le gouverneur « performance » pour la mesure.
reason-cpu-quota = le temps de processeur est limité
advice-cpu-quota = Levez la limite CPU du conteneur, ou lisez le score comme celui de sa part.
reason-few-samples = trop peu d’échantillons
advice-few-samples = Choisissez une durée plus longue.
reason-noisy = les chiffres varient beaucoup
advice-noisy = Arrêtez les autres travaux, puis relancez.
reason-cache-sized = le test de mémoire tenait dans le cache
advice-cache-sized = Libérez de la mémoire, puis relancez.
reason-direct-io-refused = le disque a été lu à travers la mémoire
advice-direct-io-refused = Choisissez un dossier d’un autre système de fichiers avec --disk-path.
reason-cached-reads = les lectures venaient de la mémoire
advice-cached-reads = Choisissez un dossier d’un autre système de fichiers avec --disk-path.
reason-server-busy = le serveur mesurait une autre machine
advice-server-busy = Relancez plus tard.
reason-implausible = plus rapide que le matériel ne peut l’être
advice-implausible = Relancez ; si cela persiste, c’est un défaut du test.
reason-wrong-result = un test a calculé un résultat faux
advice-wrong-result = Testez mémoire et processeur : cette machine fait des erreurs.
reason-clock-moved = l’horloge a été réglée pendant le test
advice-clock-moved = Relancez quand l’horloge est synchronisée.
reason-core-lost = un processeur s’est arrêté pendant le test
advice-core-lost = Relancez ; si cela persiste, lisez le journal du noyau.
reason-tmpfs = le dossier est en mémoire, pas sur un disque
advice-tmpfs = Choisissez un dossier sur un disque avec --disk-path.
reason-timed-out = le test a duré trop longtemps
advice-timed-out = Relancez avec --thorough.
reason-crashed = le test s’est interrompu
advice-crashed = Relancez ; si cela persiste, lisez le journal du noyau.
reason-same-host = le serveur et la machine sont le même hôte
advice-same-host = Mesurez le réseau depuis une autre machine.
reason-software-rasteriser = le graphique tourne sur le processeur
advice-software-rasteriser = Installez le pilote de la carte graphique.

## Page d’une machine
not-measured = Pas encore mesurée
component = Composante
figures = Chiffres
hardware = Matériel
hint-board-changed = La carte mère a été remplacée.
hint-same-hardware = Le même matériel que { $name }
hint-copy = Une copie de { $name }, ou démarrée depuis la même image
hint-merge = Peut-être la même machine que { $name } : même nom, autres numéros de série
hint-keys = Ses numéros de série sont aussi ceux de { $name }
read-at = lu { $ago }
free-slot = libre
date = Date
preset = Durée
preset-short = rapide
preset-normal = normale
preset-thorough = approfondie
verdict = Verdict
label = Libellé
basis-client = Ce score a été calculé par le client, il ne se classe pas avec les autres.
history = Benchmarks ({ $count })
history-none = Pas encore de benchmark.
history-second = L’historique commence au deuxième benchmark.
older-benchmarks = { $n ->
    [one] et { $count } plus ancien
   *[other] et { $count } plus anciens
}
known-one-thread = { $value } sur un fil
known-all-threads = { $value } sur tous
known-bandwidth = { $value }
known-latency = { $value } par accès
known-read = { $value } en lecture
known-write = { $value } en écriture
known-download = { $value } en réception
known-upload = { $value } en émission
known-ping = { $value } aller-retour
yes = oui
no = non
up-to = jusqu’à { $value }
can = peut { $value }
cores = { $n ->
    [one] { $count } cœur
   *[other] { $count } cœurs
}
threads = { $n ->
    [one] { $count } fil
   *[other] { $count } fils
}
drives = { $n ->
    [one] { $count } disque
   *[other] { $count } disques
}
interfaces = { $n ->
    [one] { $count } interface
   *[other] { $count } interfaces
}
media-errors = { $n ->
    [one] { $count } erreur du support
   *[other] { $count } erreurs du support
}
reallocated = { $n ->
    [one] { $count } secteur remplacé
   *[other] { $count } secteurs remplacés
}
slots-used = emplacements occupés : { $used } sur { $total }
sensor-cpu = processeur { $value }
section-processor = Processeur
section-memory = Mémoire
section-storage = Stockage
section-graphics = Graphique
section-network = Réseau
section-board = Carte mère
section-system = Système
section-sensors = Capteurs
caption-clusters = Groupes de cœurs
caption-drives = Disques
caption-partitions = Partitions
caption-interfaces = Interfaces
head-cluster = Groupe
head-threads = Fils
head-max-freq = Jusqu’à
head-drive = Disque
head-model = Modèle
head-size = Taille
head-type = Type
head-link = Liaison
head-health = Santé
head-wear = Usure
head-hours = Heures
head-temperature = Temp.
head-partition = Partition
head-mount = Monté sur
head-filesystem = Système de fichiers
head-used = Occupé
head-interface = Interface
head-speed = Débit
head-driver = Pilote
head-mtu = MTU
head-address = Adresse
head-mac = MAC
fact-vendor = Fabricant
fact-model = Modèle
fact-microarchitecture = Microarchitecture
fact-sockets = Sockets
fact-base-freq = Fréquence de base
fact-cache-l1 = Cache L1
fact-cache-l2 = Cache L2
fact-cache-l3 = Cache L3
fact-tdp = Puissance de conception
fact-microcode = Microcode
fact-governor = Gouverneur
fact-smt = Multithreading
fact-mitigations = Protections
fact-flags = Extensions
fact-installed = Installée
fact-usable = Vue par le noyau
fact-used = Occupée
fact-ecc = Correction d’erreurs
fact-driver = Pilote
fact-driver-version = Version du pilote
fact-own-memory = Mémoire propre
fact-shared-memory = Mémoire partagée
fact-api = Interfaces
fact-pci-id = Identifiant PCI
fact-system-vendor = Constructeur
fact-system-model = Modèle de la machine
fact-chassis = Châssis
fact-bios-vendor = Éditeur du firmware
fact-bios-version = Version du firmware
fact-bios-date = Date du firmware
fact-board-serial = Numéro de série de la carte
fact-system-serial = Numéro de série
fact-hostname = Nom d’hôte
fact-fqdn = Nom complet
fact-virtualization = Virtualisation
fact-boot-mode = Démarrage
fact-cmdline = Ligne de commande du noyau
fact-cpu-temp = Processeur
fact-layout = modules de mémoire
fact-slots-total = emplacements mémoire
fact-tdp-w = puissance de conception
fact-serial = numéro de série
fact-devices = disques
fact-smart-health = santé des disques
fact-cores = cœurs
fact-threads = fils d’exécution
fact-base-freq-ghz = fréquence de base
fact-max-freq-ghz = fréquence maximale
fact-cache-l1-kb = cache L1
fact-cache-l2-kb = cache L2
fact-cache-l3-kb = cache L3
fact-cpu-temp-c = température du processeur
fact-total-mb = taille de la mémoire
fact-name = nom du système
fact-kernel-version = version du noyau
fact-architecture = architecture du système
fact-interfaces = interfaces réseau
fact-memory-dedicated-mb = mémoire propre
fact-wear-percent = usure des disques
fact-partitions = partitions des disques
fact-total-gb = taille des partitions
not-read = Non lu : { $reason }
not-read-field = Non lu : { $what } : { $reason }
not-read-short = non lu
missing-needs-root = il faut être root
missing-needs-root-do = Lancez l’agent une fois avec sudo.
missing-not-present = absent de la machine
missing-not-exposed = la machine ne le dit pas
missing-not-set = non défini
missing-belongs-to-host = relève de l’hôte
missing-belongs-to-host-do = Lancez l’agent sur l’hôte pour le voir.
missing-no-server = pas de serveur pour mesurer
missing-no-fleet-key = identité non envoyée
missing-skipped = laissé de côté par une option --skip
missing-skipped-do = Relancez sans cette option pour le mesurer.
missing-inventory-only = seul l’inventaire a été relevé
missing-inventory-only-do = Relancez sans --inventory pour le mesurer.
missing-not-built = non mesuré par cette version de l’agent
missing-not-supported = non pris en charge ici
missing-results-gpu-not-supported-do = Une version ultérieure de l’agent mesurera les graphismes.
missing-same-host = le serveur et la machine sont le même hôte
missing-no-time = plus assez de temps
missing-no-time-do = Une mesure plus longue en laisse le temps.
missing-few-samples = trop peu d’échantillons
missing-public-address = le serveur a une adresse publique
missing-public-address-do = --full-network mesure aussi le débit.
missing-iperf-failed = iperf3 n’a pas donné de mesure
missing-no-test = non mesuré par cette version de l’agent
missing-timed-out = pas de réponse à temps
missing-crashed = test interrompu
missing-failed = la lecture a échoué
missing-unreadable = sa table est abîmée
missing-not-writable = le dossier n’est pas accessible en écriture
missing-no-space = pas assez d’espace
missing-io-error = lecture ou écriture impossible
missing-wrong-result = résultat faux
missing-server-busy = le serveur était occupé
missing-server-error = erreur du serveur
missing-unreachable = le serveur n’a pas été joint
missing-not-permitted = le jeton a été refusé
missing-results-gpu-not-supported = pas encore mesuré
missing-results-network-not-supported = le serveur est trop ancien pour cela
missing-hardware-storage-devices-smart-health-not-present = smartmontools manque
missing-hardware-storage-devices-smart-health-not-present-do = Installez-le sur la machine pour voir la santé des disques.
missing-hardware-storage-devices-smart-health-not-exposed = un disque ne la donne pas
missing-hardware-os-fqdn-not-set-do = /etc/hosts ne donne pas de nom avec domaine à la machine.
missing-hardware-ram-layout-not-exposed-do = Le micrologiciel ne décrit pas les modules de mémoire.
missing-hardware-motherboard-not-exposed-do = La machine n’a ni table SMBIOS ni arbre matériel.

## Erreurs
error-title-401 = Il faut le jeton pour lire ici
error-title-404 = Il n’y a rien ici
error-title-405 = Cette adresse attend une autre méthode
error-title-410 = Ceci a été supprimé
error-title-421 = Ce serveur ne répond pas à ce nom
error-title-429 = Trop de requêtes
error-title-503 = Base de données injoignable
error-title-other = Cela n’a pas fonctionné
error-text-401 = Ce serveur ne montre ses machines qu’aux programmes qui envoient son jeton. Son administrateur peut mettre READ_ACCESS à open ou public pour les navigateurs.
error-text-404 = L’adresse est peut-être mal tapée, ou la machine n’a jamais été mesurée ici.
error-text-421 = L’adresse de votre navigateur n’est pas un nom de ce serveur. Prenez son adresse IP, ou ajoutez le nom à ALLOWED_HOSTS.
error-text-429 = Attendez un instant, puis réessayez.
error-text-503 = Les rapports attendent sur les machines, rien n’est perdu. Réessayez dans un instant ; le journal du serveur en dit plus.
error-text-other = Réessayez. Si cela persiste, cherchez la requête ci-dessous dans le journal du serveur.
error-home = Vers le classement
error-request = Requête
title-page = Classement : { $first }–{ $last } sur { $total }

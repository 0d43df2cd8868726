extension Seed {
    /// The volume at `/srv/<name>/data`. A container gets it mounted from outside.
    var dataStep: BootstrapStep { runsInContainer ? mountedOutside : mountedHere }

    private var mountedOutside: BootstrapStep {
        BootstrapStep(
            "data", "mountpoint -q \"$service/data\" || fail \"$service/data is not mounted\"")
    }

    /// A volume is known by its label. An unlabelled one is formatted only when it is the one
    /// that Launch attached (an EBS volume, or the guest's second SCSI disk), is blank to the
    /// last signature and unused: what holds anything at all is left alone.
    private var mountedHere: BootstrapStep {
        BootstrapStep(
            "data",
            """
            if ! mountpoint -q "$service/data"; then
                waited=0
                until volume=$(blkid -L launch-data); do
                    disk=$(blank_disk)
                    if [ -n "$disk" ]; then
                        say "formatting $disk"
                        mkfs.ext4 -q -L launch-data "$disk"
                        udevadm settle
                        continue
                    fi
                    [ "$waited" -lt 600 ] || fail "no data volume is attached"
                    sleep 5
                    waited=$((waited + 5))
                done
                say "mounting $volume"
                mkdir -p "$service/data"
                options=defaults,nofail,x-systemd.before=docker.service
                grep -q "^LABEL=launch-data " /etc/fstab ||
                    echo "LABEL=launch-data $service/data ext4 $options 0 2" >> /etc/fstab
                mount "$service/data"
            fi
            resize2fs "$(findmnt -no SOURCE "$service/data")"
            """,
            helpers: """
                blank_disk() {
                    for disk in /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol* \\
                        /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi1; do
                        [ -b "$disk" ] || continue
                        device=$(readlink -f "$disk")
                        [ "$(lsblk -dno TYPE "$device")" = disk ] || continue
                        [ "$(lsblk -no NAME "$device" | wc -l)" -eq 1 ] || continue
                        [ -z "$(wipefs -n "$device")" ] || continue
                        echo "$device"
                        return
                    done
                }
                """)
    }
}

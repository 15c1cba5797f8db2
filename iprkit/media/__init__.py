"""What opens, listens through and cuts the recordings people really have, without any program beside Python."""

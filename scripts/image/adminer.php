<?php
// Every request is Adminer's: the files of its folder are not served.
chdir('/usr/share/adminer');
require is_file('adminer.php') ? 'adminer.php' : 'adminer/index.php';

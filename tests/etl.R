# etl.R ITEMS LOCKDOWNS MOOD EFFECT: compute moods and effects from items by R's
# own functions, and compare them with etl's to 1e-9.
#
# The arguments are tables separated by tabs (LOCKDOWNS: by commas) with a header.
# MOOD has the columns of its records, and kind (day, week or month); EFFECT
# those of its records.  Status 1 if anything differs.

arguments <- commandArgs(trailingOnly = TRUE)
read <- function(i, sep = "\t")
  read.table(arguments[i], header = TRUE, sep = sep, quote = "\"", na.strings = "null",
             colClasses = "character", comment.char = "")
number <- function(table, names) {
  table[names] <- lapply(table[names], as.numeric)
  table
}

features <- c("danceability", "energy", "key", "loudness", "mode", "speechiness",
              "acousticness", "instrumentalness", "liveness", "valence", "tempo")
items <- number(read(1), features)
items$day <- as.Date(items$day)
lockdowns <- read(2, ",")
mood <- read(3)
effect <- read(4)

compared <- 0
wrong <- 0
compare <- function(what, got, want) {
  got <- as.numeric(got)
  same <- (is.na(got) & is.na(want)) |
    (!is.na(got) & !is.na(want) & abs(got - want) <= 1e-9 * pmax(1, abs(want)))
  compared <<- compared + length(same)
  wrong <<- wrong + sum(!same)
  if (any(!same))
    cat(sprintf("%s: got %.17g, want %.17g\n", what, got, want)[!same], sep = "")
}

# The first day of the period of each day.
start_of <- function(day, period)
  switch(period, day = day, week = day - (as.integer(format(day, "%u")) - 1),
         month = as.Date(format(day, "%Y-%m-01")))

check_mood <- function(row) {
  cell <- items[items$country == row$country &
                  items[[paste0("start_", row$kind)]] == row$start, ]
  name <- paste("mood", row$country, row$start)
  for (f in features) {
    x <- cell[[f]][!is.na(cell[[f]])]
    half <- if (length(x) > 1) qt(0.975, length(x) - 1) * sd(x) / sqrt(length(x)) else NA
    compare(paste(name, f),
            row[paste0(f, c("_n", "_mean", "_sd", "_lo", "_hi"))],
            c(length(x), if (length(x) > 0) mean(x) else NA, sd(x), mean(x) - half,
              mean(x) + half))
  }
  x <- cell[!is.na(cell$valence) & !is.na(cell$energy), ]
  high <- x$valence >= 0.5
  up <- x$energy >= 0.5
  quadrants <- c(sum(high & up), sum(!high & up), sum(!high & !up), sum(high & !up))
  compare(paste(name, "n"), row$n, nrow(cell))
  compare(paste(name, "quadrants"), row[c("happy", "angry", "sad", "calm")],
          if (nrow(x) > 0) quadrants / nrow(x) else rep(NA, 4))
}

# Hedges' g, and a difference of means with its error's parts.
hedges <- function(a, b) {
  n <- length(a) + length(b)
  pooled <- sqrt(((length(a) - 1) * var(a) + (length(b) - 1) * var(b)) / (n - 2))
  (mean(b) - mean(a)) / pooled * (1 - 3 / (4 * n - 9))
}

check_effect <- function(row) {
  lockdown <- lockdowns[lockdowns$country == row$country, ]
  start <- as.Date(lockdown$lockdown_start)
  end <- as.Date(lockdown$lockdown_end)
  cell <- items[items$country == row$country & !is.na(items[[row$feature]]), ]
  x <- cell[[row$feature]]
  # A year earlier, by the date: March the 16th of 2019 is like that of 2020.
  date <- format(cell$day, "%m-%d")
  year <- as.integer(format(cell$day, "%Y"))
  window <- function(from, to, years)
    x[year + years == as.integer(format(start, "%Y")) &
        date >= format(from, "%m-%d") & date <= format(to, "%m-%d")]
  new_year <- as.Date(format(start, "%Y-01-01"))
  before <- window(new_year, start - 1, 0)
  during <- window(start, end, 0)
  after <- window(end + 1, end + 60, 0)
  test <- t.test(during, before)
  p[[paste(row$country, row$feature)]] <<- test$p.value
  name <- paste("effect", row$country, row$feature)
  compare(paste(name, "windows"),
          row[c("before_n", "during_n", "after_n", "before_mean", "during_mean", "after_mean")],
          c(length(before), length(during), length(after), mean(before), mean(during),
            mean(after)))
  compare(paste(name, "test"), row[c("diff", "diff_lo", "diff_hi", "t", "df", "p", "g")],
          c(mean(during) - mean(before), test$conf.int, test$statistic, test$parameter,
            test$p.value, hedges(before, during)))
  earlier <- list(window(new_year, start - 1, 1), window(start, end, 1))
  cells <- c(list(before, during), earlier)
  error <- sapply(cells, function(x) var(x) / length(x))
  df <- sum(error)^2 / sum(error^2 / (sapply(cells, length) - 1))
  did <- mean(during) - mean(before) - (mean(earlier[[2]]) - mean(earlier[[1]]))
  compare(paste(name, "did"), row[c("did", "did_lo", "did_hi")],
          did + c(0, -1, 1) * qt(0.975, df) * sqrt(sum(error)))
}

for (kind in c("day", "week", "month"))
  items[[paste0("start_", kind)]] <- start_of(items$day, kind)
for (i in seq_len(nrow(mood)))
  check_mood(mood[i, ])
# Every country, period and lockdown that there is must be there.
for (kind in unique(mood$kind))
  compare(paste("moods by", kind), sum(mood$kind == kind),
          nrow(unique(items[c("country", paste0("start_", kind))])))
compare("effects", nrow(effect),
        length(features) * sum(unique(items$country) %in% lockdowns$country))

p <- list()
for (i in seq_len(nrow(effect)))
  check_effect(effect[i, ])
compare("effect q", effect$q, p.adjust(unlist(p), method = "BH"))

cat(compared, "compared,", wrong, "differ\n")
quit(status = if (wrong > 0 || compared < 100) 1 else 0)

# Asks the classes of QuickFIX's Ruby runner, which stands in the current folder: one question a line, as hexadecimal text.
# "compare EXPECTED RECEIVED" is answered with same or different, "fixify LINE" with the line as it would be sent.
require './Comparator'
require './Reflector'

def bytes(text)
  [text.to_s].pack('H*').force_encoding('ASCII-8BIT')
end

reflector = Reflector.new
STDIN.each_line do |question|
  word, first, second = question.chomp.split(' ', -1)
  begin
    case word
    when 'compare'
      comparator = Comparator.new(File.open('definitions/fields.fmt', 'r'))
      puts comparator.compare(bytes(first), bytes(second)) ? 'same' : 'different'
    when 'fixify'
      puts reflector.fixify!(bytes(first)).unpack('H*').first
    end
  rescue StandardError
    # The runner counts whatever it cannot do as a failure of the definition.
    puts 'different'
  end
end
